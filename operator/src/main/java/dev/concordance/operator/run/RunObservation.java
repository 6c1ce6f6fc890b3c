package dev.concordance.operator.run;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport;
import dev.concordance.operator.cluster.ClusterConnection;
import dev.concordance.operator.cluster.ClusterConnection.Trouble;
import dev.concordance.operator.corpus.CorpusResolver;
import dev.concordance.operator.corpus.RunPhase;
import dev.concordance.operator.workload.IngestionJob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was seen of an IngestionRun, clock included.
 *
 * @param phase as it was told last
 * @param mode what it is for
 * @param first the run that has to go before this one, if there is one
 * @param launch what would be started now, or why nothing can be
 * @param preparation the Job that prepares it
 * @param job its Job
 * @param pods its Job's pods, the newest last
 * @param strangers names of pods of other attempts for the same corpus that have not ended
 * @param report what it has told the ledger
 * @param unreadable why the ledger could not be read
 */
record RunObservation(
        String name,
        RunPhase phase,
        RunMode mode,
        Optional<String> first,
        Launch launch,
        Optional<SeenJob> preparation,
        Optional<SeenJob> job,
        List<SeenPod> pods,
        List<String> strangers,
        Optional<RunReport> report,
        Optional<Obstacle> unreadable,
        Instant now) {

    RunObservation {
        pods = List.copyOf(pods);
        strangers = List.copyOf(strangers);
    }

    /** Whether the operator has just started and can't tell yet what it could tell before. */
    boolean isTooEarly() {
        return Stream.of(
                        unreadable.map(Obstacle::reason),
                        launch instanceof Launch.Blocked(var obstacle)
                                ? Optional.of(obstacle.reason())
                                : Optional.<String>empty())
                .flatMap(Optional::stream)
                .anyMatch(CorpusResolver.NOT_CHECKED::equals);
    }

    /** What stands in the way, as a condition tells it. */
    record Obstacle(String reason, String message) {
        static Obstacle of(RunReason reason, Object... facts) {
            return new Obstacle(reason.name(), reason.message(facts));
        }

        static Obstacle of(Trouble trouble) {
            return new Obstacle(trouble.reason().name(), trouble.message());
        }
    }

    /** Whether a Job can be started. */
    sealed interface Launch {
        /**
         * It can, with this, once what comes before it is done.
         *
         * @param connection to where the ledger is
         */
        record Possible(IngestionJob job, ClusterConnection connection, List<RunStep> before) implements Launch {
            public Possible {
                before = List.copyOf(before);
            }

            Possible(IngestionJob job, ClusterConnection connection) {
                this(job, connection, List.of());
            }
        }

        /** It can't yet. */
        record Blocked(Obstacle obstacle) implements Launch {}

        /** It never can. */
        record Impossible(FailureReason reason, String message) implements Launch {}
    }

    /** Whether it makes room for others, to go on afterwards where it was. */
    boolean givesWay() {
        return mode == RunMode.Build || mode == RunMode.Follow;
    }

    /** When its first Job was started. */
    Optional<Instant> startedAt() {
        return preparation.or(() -> job).flatMap(SeenJob::startedAt);
    }

    /**
     * A Job, or a Deployment, which is never complete.
     *
     * @param shards into how many the documents are divided among its pods
     */
    record SeenJob(
            String name,
            int shards,
            JobState state,
            Optional<Instant> startedAt,
            Optional<Instant> endedAt,
            String message) {
        boolean isAtWork() {
            return state != JobState.COMPLETE && state != JobState.FAILED;
        }
    }

    /** How a Job stands. */
    enum JobState {
        ACTIVE,
        COMPLETE,
        FAILED,
        /** Its pods have another image, which those of a Job can't get, or other tombstones than new ones would have. */
        OUTDATED,
        GOING
    }

    /**
     * A pod.
     *
     * @param exitCode of the worker, once it has ended
     * @param lastWords its termination message
     * @param waits why it does not start
     */
    record SeenPod(
            String name,
            boolean ended,
            Optional<Integer> exitCode,
            Optional<String> lastWords,
            Optional<String> waits) {}
}
