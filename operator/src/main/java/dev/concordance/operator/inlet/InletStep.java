package dev.concordance.operator.inlet;

import dev.concordance.operator.kube.Reference;
import io.fabric8.kubernetes.api.model.HasMetadata;

/** What is done about an inlet. Every step may run twice. */
sealed interface InletStep {
    /** Makes an object what it should be. */
    record ApplyInlet(HasMetadata desired) implements InletStep {
        @Override
        public String toString() {
            return "ApplyInlet[" + Reference.of(desired) + "]";
        }
    }

    /** Deletes an object. */
    record DeleteInlet(HasMetadata object) implements InletStep {
        @Override
        public String toString() {
            return "DeleteInlet[" + Reference.of(object) + "]";
        }
    }
}
