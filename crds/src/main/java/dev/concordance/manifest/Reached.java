package dev.concordance.manifest;

import java.util.Map;

/**
 * Up to where what was pushed is searchable in a generation: the ledger's document {@code reached-<number>}.
 *
 * @param positions by source
 * @param withheld whether deletions up to there are withheld
 */
public record Reached(int generation, Map<String, String> positions, boolean withheld) {
    public Reached {
        positions = Map.copyOf(positions);
    }

    /** Its id in the ledger. */
    public static String id(int generation) {
        return "reached-" + generation;
    }
}
