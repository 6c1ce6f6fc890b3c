package dev.concordance.operator.query;

import dev.concordance.operator.kube.Reference;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;

/** What is done about a QueryServer. Every step may run twice. */
sealed interface QueryStep {
    /** Makes an object what it should be. */
    record Apply(HasMetadata desired) implements QueryStep {
        @Override
        public String toString() {
            return "Apply[" + Reference.of(desired) + "]";
        }
    }

    /**
     * Has the present number of pods owned by another field manager, so that it is not reset when the operator stops to
     * set it and the autoscaler takes over.
     */
    record HandOverReplicas(Deployment deployment, int replicas) implements QueryStep {
        @Override
        public String toString() {
            return "HandOverReplicas[" + replicas + "]";
        }
    }

    /** Deletes an object. */
    record Delete(HasMetadata object) implements QueryStep {
        @Override
        public String toString() {
            return "Delete[" + Reference.of(object) + "]";
        }
    }
}
