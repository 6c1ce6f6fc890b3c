package dev.concordance.operator.erasure;

import dev.concordance.operator.erasure.ErasureObservation.Obstacle;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about an Erasure.
 *
 * @param why it is not verified; empty: it is
 * @param stalled whether only somebody else can change that
 * @param wakeAt when to look again, if nothing happens before
 */
record ErasurePlan(
        List<ErasureStep> steps, Phase phase, Optional<Obstacle> why, boolean stalled, Optional<Instant> wakeAt) {
    ErasurePlan {
        steps = List.copyOf(steps);
    }

    /** How far it is. */
    enum Phase {
        Pending,
        Erasing,
        Verified,
        Refused
    }
}
