package dev.concordance.operator.inlet;

import dev.concordance.manifest.InletTable;
import dev.concordance.operator.corpus.DeclaredInlet;
import dev.concordance.operator.corpus.InletState;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.workload.Mount;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was seen of a corpus's inlet.
 *
 * @param wish what there should be
 * @param taken an object of another owner with the name that the inlet's would have
 */
record InletObservation(Wish wish, Existing existing, Optional<Reference> taken) {
    /** What there should be. */
    sealed interface Wish {
        /** No inlet, since nothing is pushed. */
        record Nothing() implements Wish {}

        /** It can't be told at the moment, so all stays as it is. */
        record Undecided() implements Wish {}

        /**
         * An inlet.
         *
         * @param mounts Secrets that the table calls by name
         * @param isWhole whether all tokens that are declared have a Secret
         */
        record Wanted(DeclaredInlet declared, InletTable table, List<Mount> mounts, boolean isWhole) implements Wish {
            public Wanted {
                mounts = List.copyOf(mounts);
            }
        }
    }

    /** What the corpus has of an inlet. */
    record Existing(
            Optional<ConfigMap> table,
            Optional<Deployment> deployment,
            Optional<Service> service,
            Optional<PodDisruptionBudget> disruptionBudget) {
        Stream<HasMetadata> all() {
            return Stream.of(service, deployment, disruptionBudget, table).flatMap(Optional::stream);
        }
    }

    /** How the inlet stands. */
    InletState state() {
        var ready = existing.deployment()
                .map(Deployment::getStatus)
                .map(DeploymentStatus::getReadyReplicas)
                .orElse(0);
        return new InletState(ready, taken);
    }

    /** Whether it has to be looked at again soon, since what it waits for doesn't tell of itself. */
    boolean isWaiting() {
        return taken.isPresent()
                || wish instanceof Wish.Undecided
                || wish instanceof Wish.Wanted wanted && !wanted.isWhole();
    }
}
