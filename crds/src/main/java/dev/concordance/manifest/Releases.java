package dev.concordance.manifest;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Which generations of a corpus have served: the ledger's document {@code releases}, written by the operator.
 *
 * @param since when it was noted, the last time, that a generation serves
 */
public record Releases(Map<Integer, Instant> since) {
    /** Id in the ledger. */
    public static final String ID = "releases";

    /** None has served yet. */
    public static final Releases NONE = new Releases(Map.of());

    public Releases {
        since = Map.copyOf(since);
    }

    /** The same, where a generation serves since this moment. */
    public Releases with(int generation, Instant moment) {
        var all = new HashMap<>(since);
        all.put(generation, moment);
        return new Releases(all);
    }

    /** The same without a generation that is deleted. */
    public Releases without(int generation) {
        var rest = new HashMap<>(since);
        rest.remove(generation);
        return new Releases(rest);
    }
}
