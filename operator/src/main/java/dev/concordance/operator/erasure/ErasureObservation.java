package dev.concordance.operator.erasure;

import dev.concordance.api.v1alpha1.ErasureStatus;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.operator.elastic.FormerVectors;
import dev.concordance.operator.elastic.SnapshotListing;
import dev.concordance.operator.kube.Parsed;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was seen of an Erasure, clock included.
 *
 * @param names of the Erasure, its namespace and its corpus
 * @param stored what Elasticsearch has said, or why it hasn't
 * @param runs that erase for it
 * @param key that its receipt is signed with
 */
record ErasureObservation(
        Names names,
        Parsed<ErasureDeclaration> declaration,
        boolean paused,
        Stored stored,
        List<SeenErasingRun> runs,
        SigningKey key,
        Optional<ErasureStatus> previous,
        Instant now) {
    ErasureObservation {
        runs = List.copyOf(runs);
    }

    /** What the Erasure is called by. */
    record Names(String namespace, String name, String uid) {}

    /** What stands in the way, as a condition tells it. */
    record Obstacle(String reason, String message) {}

    /** What Elasticsearch has of it. */
    sealed interface Stored {
        /** It can't be asked, or has not answered. */
        record Silent(Obstacle obstacle) implements Stored {}

        /**
         * What it has said.
         *
         * @param indexes UUID by name of those that searches may read
         * @param report of runs that have erased
         * @param formerVectors shared vectors that may be of what was erased
         */
        record Answered(
                Map<String, String> indexes,
                Optional<ErasureReport> report,
                SnapshotListing snapshots,
                List<FormerVectors> formerVectors)
                implements Stored {
            public Answered {
                indexes = Map.copyOf(indexes);
                formerVectors = List.copyOf(formerVectors);
            }

            /** Whether everything was looked at since the last deletion; where there is nothing, nothing is to be looked at. */
            boolean isVerified() {
                return report.map(told -> !told.refused()
                                && told.pending() == null
                                && told.indexes().entrySet().containsAll(indexes.entrySet()))
                        .orElse(indexes.isEmpty());
            }
        }
    }

    /**
     * A run that erases.
     *
     * @param message of its condition
     * @param failed why it has; empty: it hasn't
     */
    record SeenErasingRun(
            String name, int sequence, boolean unfinished, Optional<Failure> failed, Instant endedAt, String message) {}

    /** Why a run has failed; {@code waits}: the same again would fail again. */
    record Failure(String reason, boolean waits) {}
}
