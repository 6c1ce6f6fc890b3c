package dev.concordance.ingest;

import dev.concordance.index.Ledger;
import dev.concordance.latency.LatencyHistory;
import dev.concordance.latency.LatencySketch;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.GenerationState.ChangeLatency;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.spool.Sequence;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How long changes take from their sources until searches find them. Counted is what somebody who searches has waited for: changes
 * of sources that were declared before, in the generation that answers. For one thread.
 */
final class Latencies {
    /** By so much the clock of a source may be ahead. */
    private static final Duration SKEW = Duration.ofMinutes(1);

    private final @Nullable Duration window;
    private final String sources;
    private final Guard guard;
    private final Ledger ledger;
    private LatencyHistory history = LatencyHistory.NOTHING;

    Latencies(RunSpecification specification, Guard guard, Ledger ledger) {
        var asked = specification.latencyWindowMillis();
        this.window = asked == null ? null : Duration.ofMillis(asked);
        this.sources = GenerationState.digest(specification.sources());
        this.guard = guard;
        this.ledger = ledger;
    }

    /** Goes on from what the ledger has, whose writer this is now. */
    void read() {
        if (window != null) {
            history = ledger.latencies();
        }
    }

    /**
     * Whether what a round finds changed has changed since people could search for it.
     *
     * @param before the state of the generation; what its sources held when they were declared may be years old
     */
    boolean counts(Optional<GenerationState> before) {
        return window != null
                && guard.isServed()
                && before.filter(state -> state.sourcesDigest().equals(sources)).isPresent();
    }

    /** Changes of these times are searchable since now. */
    void add(Sequence<Instant> changes, Instant now) {
        if (window == null || changes.isEmpty()) {
            return;
        }
        var counts = new TreeMap<Integer, Long>();
        try (var all = changes.open()) {
            while (all.hasNext()) {
                millis(all.next(), now).ifPresent(millis -> counts.merge(LatencySketch.bucket(millis), 1L, Long::sum));
            }
        }
        if (!counts.isEmpty()) {
            history = history.plus(new LatencySketch(counts), window, now);
            ledger.write(history);
        }
    }

    /** What there is to tell; null: nothing. */
    @Nullable
    ChangeLatency told(Instant now) {
        return window == null ? null : history.told(window, now);
    }

    /**
     * How long a change took; empty where its time is none: programs without a clock write the beginning of the epoch, and fields of
     * another meaning dates to come.
     */
    static OptionalLong millis(Instant changedAt, Instant searchableAt) {
        if (!changedAt.isAfter(Instant.EPOCH) || changedAt.isAfter(searchableAt.plus(SKEW))) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                Math.max(0, Duration.between(changedAt, searchableAt).toMillis()));
    }
}
