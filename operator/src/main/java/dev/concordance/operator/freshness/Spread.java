package dev.concordance.operator.freshness;

import java.time.Duration;

/**
 * Where a corpus stands among the others: what all of them would do at the same moment, each does a little apart, and always
 * by as much.
 *
 * @param share from 0 to less than 1
 */
public record Spread(double share) {
    /** What is pinned to a moment is late by less than this, however seldom it comes. */
    private static final Duration MOST = Duration.ofMinutes(1);

    private static final int PART = 10;

    /** The golden ratio: its multiples are spread evenly, so hashes of names that count up are too. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private static final int FRACTION_BITS = 53;

    /** That of whatever has this name. */
    public static Spread of(String name) {
        var bits = name.hashCode() * GOLDEN >>> Long.SIZE - FRACTION_BITS;
        return new Spread((double) bits / (1L << FRACTION_BITS));
    }

    /** Its share of a time. */
    public Duration of(Duration all) {
        return Duration.ofMillis((long) (all.toMillis() * share));
    }

    /** By how much what comes once a period is late: less than a minute, and than a tenth of the period. */
    public Duration lateness(Duration period) {
        var most = period.dividedBy(PART);
        return of(most.compareTo(MOST) < 0 ? most : MOST);
    }
}
