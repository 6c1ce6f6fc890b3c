package dev.concordance.operator.run;

import dev.concordance.operator.workload.IngestionJob;

/** What is done about an IngestionRun. Every step may run twice. */
sealed interface RunStep {
    /** Creates the ConfigMap and then the Job. */
    record StartJob(IngestionJob job) implements RunStep {
        @Override
        public String toString() {
            return "StartJob[" + told(job) + "]";
        }
    }

    /** Creates the ConfigMap and then the Job that prepares the run. */
    record StartPreparation(IngestionJob job) implements RunStep {
        @Override
        public String toString() {
            return "StartPreparation[" + told(job) + ", shards=" + job.shards() + "]";
        }
    }

    private static String told(IngestionJob job) {
        return "generation=" + job.specification().manifest().generation() + ", mode="
                + job.specification().mode();
    }

    /** Deletes the Job, and its pods with it. */
    record StopJob(String job) implements RunStep {}
}
