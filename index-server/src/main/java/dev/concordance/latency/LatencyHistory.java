package dev.concordance.latency;

import dev.concordance.manifest.GenerationState.ChangeLatency;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long changes took lately, by slots of time of which the oldest go: the ledger's document {@value #ID}. It is the corpus's, not
 * a generation's, and written by whoever holds the lease.
 */
public record LatencyHistory(List<Slot> slots) {
    /** Id of the ledger's document. */
    public static final String ID = "latencies";

    /** Nothing is known. */
    public static final LatencyHistory NOTHING = new LatencyHistory(List.of());

    /** A window is left by what has been in it for as long, or longer by no more than one of so many parts of it. */
    private static final int SLOTS = 28;

    public LatencyHistory {
        slots = List.copyOf(slots);
    }

    /** Changes that became searchable within a time. */
    public record Slot(Instant from, Instant until, LatencySketch latencies) {
        /** What a clock that was wrong has written would stay for too long; one that is a little ahead is right. */
        private boolean isToCome(Instant now) {
            return from.minus(Duration.between(from, until)).isAfter(now);
        }
    }

    /** This, and changes that are searchable since now. */
    public LatencyHistory plus(LatencySketch latencies, Duration window, Instant now) {
        var length = window.dividedBy(SLOTS).toMillis();
        var from = Instant.ofEpochMilli(Math.floorDiv(now.toEpochMilli(), length) * length);
        var until = from.plusMillis(length);
        var all = new ArrayList<Slot>();
        var sum = latencies;
        for (var slot : within(window, now).slots()) {
            if (slot.from().equals(from) && slot.until().equals(until)) {
                sum = sum.plus(slot.latencies());
            } else {
                all.add(slot);
            }
        }
        all.add(new Slot(from, until, sum));
        return new LatencyHistory(all);
    }

    /** What is told of the changes within a window that ends now; null: there were none. */
    public @Nullable ChangeLatency told(Duration window, Instant now) {
        var counted = within(window, now).slots();
        if (counted.isEmpty()) {
            return null;
        }
        var sum = counted.stream().map(Slot::latencies).reduce(LatencySketch.EMPTY, LatencySketch::plus);
        return new ChangeLatency(
                counted.stream().map(Slot::from).min(Comparator.naturalOrder()).orElseThrow(),
                counted.stream().map(Slot::until).max(Comparator.naturalOrder()).orElseThrow(),
                sum.size(),
                sum.percentile(50),
                sum.percentile(95),
                sum.percentile(99));
    }

    private LatencyHistory within(Duration window, Instant now) {
        return new LatencyHistory(slots.stream()
                .filter(slot -> slot.until().isAfter(now.minus(window)) && !slot.isToCome(now))
                .toList());
    }
}
