package dev.concordance.operator.erasure;

import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.api.v1alpha1.IngestionRunStatus;
import dev.concordance.operator.erasure.ErasureObservation.Failure;
import dev.concordance.operator.erasure.ErasureObservation.SeenErasingRun;
import dev.concordance.operator.kube.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.Optional;

/** Reads the IngestionRuns of Erasures. */
final class SeenErasingRuns {
    private SeenErasingRuns() {}

    static SeenErasingRun of(IngestionRun run) {
        var status = Optional.ofNullable(run.getStatus());
        var phase = status.map(IngestionRunStatus::phase).orElse("");
        var ready = status.flatMap(told -> Conditions.find(told.conditions(), Conditions.READY));
        var waits = status.map(told -> Conditions.isTrue(told.conditions(), Conditions.STALLED))
                .orElse(false);
        return new SeenErasingRun(
                run.getMetadata().getName(),
                sequence(run.getMetadata().getName()),
                !phase.equals("Succeeded") && !phase.equals("Failed"),
                phase.equals("Failed")
                        ? Optional.of(
                                new Failure(ready.map(Condition::getReason).orElse(""), waits))
                        : Optional.empty(),
                Instant.parse(status.map(IngestionRunStatus::finishedAt)
                        .orElse(run.getMetadata().getCreationTimestamp())),
                ready.map(Condition::getMessage).orElse("it is being started"));
    }

    private static int sequence(String name) {
        try {
            return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
        } catch (NumberFormatException anotherName) {
            return 0;
        }
    }
}
