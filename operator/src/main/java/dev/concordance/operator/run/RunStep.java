package dev.concordance.operator.run;

import dev.concordance.operator.workload.IngestionJob;

/** What is done about an IngestionRun. Every step may run twice. */
sealed interface RunStep {
    /** Creates the ConfigMap and then the Job, or the Deployment of a run that follows its sources. */
    record StartJob(IngestionJob job) implements RunStep {
        @Override
        public String toString() {
            return "StartJob[generation=" + job.specification().manifest().generation() + ", mode="
                    + job.specification().mode() + "]";
        }
    }

    /** Deletes it, and its pods with it. */
    record StopJob(String job) implements RunStep {}
}
