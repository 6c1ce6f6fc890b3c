package dev.concordance.operator.freshness;

import java.time.Duration;
import java.time.Instant;

/**
 * A time in which answers were older than allowed, and that is over.
 *
 * @param stale how long they were so: all of it, or less where two breaches were joined
 */
public record Breach(Instant from, Instant until, Duration stale) {
    /** One without a break. */
    public static Breach of(Instant from, Instant until) {
        return new Breach(from, until, Duration.between(from, until));
    }

    /** How much of it lies after a moment; in proportion, where two were joined. */
    Duration after(Instant moment) {
        if (!moment.isAfter(from)) {
            return stale;
        }
        if (!moment.isBefore(until)) {
            return Duration.ZERO;
        }
        var share = (double) Duration.between(moment, until).toMillis()
                / Duration.between(from, until).toMillis();
        return Duration.ofMillis(Math.round(stale.toMillis() * share));
    }

    Breach joined(Breach later) {
        return new Breach(from, later.until, stale.plus(later.stale));
    }

    Duration until(Breach later) {
        return Duration.between(until, later.from);
    }
}
