package dev.concordance.operator.freshness;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When answers become too old, and when they become fresher.
 *
 * @param deadline when what is searchable now is too old
 * @param expected when the next listing will be searchable; empty: not before somebody changes something, as far as can
 *     be told
 * @param underWay whether it is being worked on, so that what is expected may change
 * @param maxStaleness how old answers may be
 */
public record Forecast(Instant deadline, Optional<Instant> expected, boolean underWay, Duration maxStaleness) {
    private static final int LOOKS = 8;
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Nothing will make answers fresher than they are. */
    public static Forecast hopeless(Instant freshAsOf, Duration maxStaleness) {
        return new Forecast(freshAsOf.plus(maxStaleness), Optional.empty(), false, maxStaleness);
    }

    /**
     * Whether answers are going to be too old. Where nobody can tell when they will be fresher, that is said when half of
     * their time has passed.
     */
    public boolean foreseesBreach(Instant now) {
        return expected.map(at -> at.isAfter(deadline))
                .orElseGet(() -> !now.isBefore(deadline.minus(maxStaleness.dividedBy(2))));
    }

    /** When to look again, so that a breach is foreseen before it comes. */
    public Instant nextLook(Instant now) {
        if (!now.isBefore(deadline) || expected.isPresent() && !underWay) {
            return deadline;
        }
        var step = Duration.between(now, deadline).dividedBy(LOOKS);
        var look = now.plus(step.compareTo(SHORTEST) < 0 ? SHORTEST : step);
        return look.isBefore(deadline) ? look : deadline;
    }
}
