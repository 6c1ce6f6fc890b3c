package dev.concordance.operator.run;

import dev.concordance.operator.corpus.RunPhase;
import dev.concordance.operator.kube.Truth;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about an IngestionRun, and how it stands.
 *
 * @param reason and {@code message} of the condition Ready, and of Reconciling or Stalled
 * @param waits whether only somebody's word or change lets it go on, or one like it
 * @param finishedAt when it ended, once it has
 */
record RunPlan(
        List<RunStep> steps,
        RunPhase phase,
        String reason,
        String message,
        boolean waits,
        Optional<Instant> finishedAt) {
    RunPlan {
        steps = List.copyOf(steps);
    }

    Truth ready() {
        return Truth.of(phase == RunPhase.Succeeded || reason.equals(RunReason.Following.name()));
    }
}
