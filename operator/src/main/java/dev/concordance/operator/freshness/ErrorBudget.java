package dev.concordance.operator.freshness;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How much longer answers may be stale before the objective is missed. Budget and burn rate are those of Google's Site
 * Reliability Workbook, chapter 5, with time in the place of requests.
 *
 * @param past breaches that are over
 * @param freshAsOf the moment before the listing that is searchable now; empty: nothing is
 */
public record ErrorBudget(ServiceLevel level, Breaches past, Optional<Instant> freshAsOf) {
    /** Since when answers are too old; empty while they aren't. */
    public Optional<Instant> staleSince(Instant now) {
        return freshAsOf.map(moment -> moment.plus(level.maxStaleness())).filter(now::isAfter);
    }

    /** How long answers were too old within the last so much time. */
    public Duration stale(Duration within, Instant now) {
        var start = now.minus(within);
        var going = staleSince(now)
                .map(since -> Duration.between(since.isAfter(start) ? since : start, now))
                .orElse(Duration.ZERO);
        return past.staleAfter(start).plus(going);
    }

    /** The share of the budget that is left: 1 is all, 0 none; below 0 the objective is missed. */
    public double remaining(Instant now) {
        return 1 - ratio(stale(level.window(), now), level.budget());
    }

    /** How many times faster than the objective allows answers were stale within the last so much time. */
    public double burnRate(Duration within, Instant now) {
        return ratio(stale(within, now), within) / ratio(level.budget(), level.window());
    }

    /** When the budget is used up if answers get no fresher; empty while they are fresh enough. */
    public Optional<Instant> exhausted(Instant now) {
        return staleSince(now).map(since -> now.plus(level.budget()).minus(stale(level.window(), now)));
    }

    private static double ratio(Duration part, Duration whole) {
        return (double) part.toMillis() / whole.toMillis();
    }
}
