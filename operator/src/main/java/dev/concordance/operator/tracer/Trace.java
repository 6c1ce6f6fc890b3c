package dev.concordance.operator.tracer;

import dev.concordance.operator.elastic.TracerSight;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a tracer was last looked for.
 *
 * @param claim what the ledger said
 * @param foundAsOf what the tracer said when it was last found; empty: it was never found since this process looks
 * @param missedSince since when each look was in vain; empty: the last one wasn't
 * @param contrast what was found in its place
 */
public record Trace(
        Claim claim, Instant lookedAt, Optional<Instant> foundAsOf, Optional<Instant> missedSince, String contrast) {
    /** What is missed for so long is missing: nobody else moves aliases and refreshes indexes for longer than an instant. */
    static final Duration GRACE = Duration.ofSeconds(30);

    static final Duration AGAIN = Duration.ofSeconds(10);

    /** What is known after another look. */
    static Trace of(@Nullable Trace before, Claim claim, TracerSight sight, Instant now) {
        if (claim.holds(sight.byWords()) && claim.holds(sight.byVector())) {
            return new Trace(claim, now, Optional.of(claim.tracedAt()), Optional.empty(), "");
        }
        var last = Optional.ofNullable(before);
        return new Trace(
                claim,
                now,
                last.flatMap(Trace::foundAsOf),
                last.flatMap(Trace::missedSince).or(() -> Optional.of(now)),
                claim.contrast(sight));
    }

    /** Whether there is something to be found that wasn't looked for, or that may have come since. */
    boolean isOutdated(Claim said, Instant now) {
        return !claim.equals(said)
                || missedSince.isPresent() && !lookedAt.plus(AGAIN).isAfter(now);
    }

    /** Whether the tracer can't be found, and not for this moment only. */
    public boolean isMissing(Instant now) {
        return missedSince.filter(since -> !since.plus(GRACE).isAfter(now)).isPresent();
    }

    /** Whether the last look was in vain. */
    public boolean isMissed() {
        return missedSince.isPresent();
    }

    /** When to look again to know whether it is missing; empty: that is known. */
    public Optional<Instant> nextLook() {
        return missedSince.filter(since -> lookedAt.isBefore(since.plus(GRACE))).map(since -> lookedAt.plus(AGAIN));
    }
}
