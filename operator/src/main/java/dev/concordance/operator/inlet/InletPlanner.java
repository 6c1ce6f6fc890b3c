package dev.concordance.operator.inlet;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.manifest.InletTable;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.operator.inlet.InletObservation.Existing;
import dev.concordance.operator.inlet.InletObservation.Wish;
import dev.concordance.operator.kube.Applied;
import dev.concordance.operator.workload.InletWorkload;
import dev.concordance.operator.workload.WorkerImage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides what is done about an inlet. Another token changes only the table, unless its Secret has to be mounted. */
final class InletPlanner {
    private InletPlanner() {}

    static List<InletStep> plan(Corpus corpus, InletObservation seen, WorkerImage image) {
        if (seen.taken().isPresent()) {
            return List.of();
        }
        return switch (seen.wish()) {
            case Wish.Undecided undecided -> List.of();
            case Wish.Nothing nothing ->
                seen.existing().all().<InletStep>map(InletStep.DeleteInlet::new).toList();
            case Wish.Wanted wanted -> applied(corpus, wanted, seen.existing(), image);
        };
    }

    private static List<InletStep> applied(Corpus corpus, Wish.Wanted wanted, Existing existing, WorkerImage image) {
        var workload = new InletWorkload(
                corpus, wanted.declared().replicas(), wanted.declared().resources(), wanted.mounts(), image);
        var steps = new ArrayList<InletStep>();
        apply(workload.table(json(wanted.table())), existing.table(), steps);
        apply(workload.deployment(), existing.deployment(), steps);
        apply(workload.service(), existing.service(), steps);
        apply(workload.disruptionBudget(), existing.disruptionBudget(), steps);
        return steps;
    }

    private static void apply(HasMetadata desired, Optional<? extends HasMetadata> actual, List<InletStep> steps) {
        var sealed = Applied.sealed(desired);
        if (!Applied.isCurrent(sealed, actual.orElse(null))) {
            steps.add(new InletStep.ApplyInlet(sealed));
        }
    }

    private static String json(InletTable table) {
        try {
            return ManifestJson.mapper().writeValueAsString(table);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a table is always JSON", e);
        }
    }
}
