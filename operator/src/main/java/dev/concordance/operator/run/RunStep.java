package dev.concordance.operator.run;

import dev.concordance.manifest.IndexNames;
import dev.concordance.operator.cluster.ClusterConnection;
import dev.concordance.operator.workload.IngestionJob;
import java.util.List;

/** What is done about an IngestionRun. Every step may run twice. */
sealed interface RunStep {
    /** Creates the ConfigMap and then the Job, or the Deployment of a run that follows its sources. */
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

    /** Forgets that Erasures which have gone were carried out, so that a run may bring back what they covered. */
    record ForgetErasures(ClusterConnection connection, IndexNames names, List<String> erasures) implements RunStep {
        public ForgetErasures {
            erasures = List.copyOf(erasures);
        }

        /** The digests in a receipt are keyed by the UID, which is nobody's who reads logs. */
        @Override
        public String toString() {
            return "ForgetErasures[erasures=" + erasures.size() + "]";
        }
    }

    /** Deletes the Job or the Deployment, and its pods with it. */
    record StopJob(String job) implements RunStep {}
}
