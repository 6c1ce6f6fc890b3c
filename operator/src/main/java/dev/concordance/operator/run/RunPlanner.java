package dev.concordance.operator.run;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport;
import dev.concordance.operator.corpus.RunPhase;
import dev.concordance.operator.run.RunObservation.Launch;
import dev.concordance.operator.run.RunObservation.Obstacle;
import dev.concordance.operator.run.RunObservation.SeenJob;
import dev.concordance.operator.run.RunObservation.SeenPod;
import dev.concordance.operator.workload.IngestionJob;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides what is done about a run that has not ended. At any time one run on a generation has a Job, or one that erases from
 * all of them has. What builds or follows gives way to the others: it goes on afterwards where it was. A large run has two Jobs, one after the other: the first prepares it by several pods; however that one ends, the
 * other does what is left, and says why if it can't.
 */
final class RunPlanner {
    private RunPlanner() {}

    static RunPlan plan(RunObservation seen) {
        var current = seen.job().or(() -> seen.preparation().filter(SeenJob::isAtWork));
        if (current.isEmpty()) {
            return startable(seen);
        }
        var job = current.get();
        return switch (job.state()) {
            case OUTDATED -> queued(List.of(new RunStep.StopJob(job.name())), Obstacle.of(RunReason.Stopping));
            case GOING -> queued(List.of(), Obstacle.of(RunReason.Stopping));
            case ACTIVE -> active(seen, job);
            case COMPLETE -> complete(seen, job);
            case FAILED -> failed(seen, job);
        };
    }

    private static RunPlan startable(RunObservation seen) {
        if (seen.launch() instanceof Launch.Impossible(var reason, var message)) {
            return ended(seen, RunPhase.Failed, reason.name(), message, true, Optional.of(seen.now()));
        }
        if (seen.launch() instanceof Launch.Blocked(var obstacle)) {
            var waits = obstacle.reason().equals(RunPhase.ERASURES_MISSING);
            return new RunPlan(
                    List.of(), RunPhase.Queued, obstacle.reason(), obstacle.message(), waits, Optional.empty());
        }
        if (seen.first().isPresent()) {
            return queued(
                    List.of(), Obstacle.of(RunReason.WaitsForRun, seen.first().get()));
        }
        if (!seen.strangers().isEmpty()) {
            return queued(
                    List.of(),
                    Obstacle.of(RunReason.WaitsForPod, seen.strangers().getFirst()));
        }
        var launch = (Launch.Possible) seen.launch();
        var job = launch.job();
        var prepares = job.shards() > 1 && seen.preparation().isEmpty();
        var start = prepares ? new RunStep.StartPreparation(job) : new RunStep.StartJob(job);
        var name = prepares ? IngestionJob.preparationName(seen.name()) : IngestionJob.name(seen.name());
        var steps = Stream.concat(launch.before().stream(), Stream.of(start)).toList();
        return going(steps, RunPhase.Starting, Obstacle.of(RunReason.Starting, name));
    }

    private static RunPlan active(RunObservation seen, SeenJob job) {
        if (seen.givesWay() && seen.first().isPresent() && !hasSucceeded(seen, job)) {
            var stop = new RunStep.StopJob(job.name());
            return queued(
                    List.of(stop),
                    Obstacle.of(RunReason.WaitsForRun, seen.first().get()));
        }
        var waiting =
                seen.pods().stream().filter(pod -> pod.waits().isPresent()).findFirst();
        if (waiting.isPresent()) {
            var pod = waiting.get();
            var words = pod.lastWords().flatMap(LastWords::parse);
            if (words.filter(last -> isOfThePast(seen, last)).isPresent()) {
                return queued(List.of(new RunStep.StopJob(job.name())), Obstacle.of(RunReason.Stopping));
            }
            if (words.isPresent()) {
                return trying(seen, words.get().reason(), words.get().message(), isForTheUser(pod));
            }
            return going(
                    List.of(),
                    RunPhase.Starting,
                    Obstacle.of(RunReason.PodWaits, pod.name(), pod.waits().get()));
        }
        if (seen.unreadable().isPresent()) {
            var obstacle = Obstacle.of(
                    RunReason.ProgressUnreadable, seen.unreadable().get().message());
            return going(List.of(), phase(seen), obstacle);
        }
        return seen.report()
                .filter(report -> isOf(report, job))
                .map(report -> working(seen, report))
                .orElseGet(() -> going(List.of(), phase(seen), Obstacle.of(RunReason.Starting, job.name())));
    }

    /** The Job controller tells of the end of a Job's pod about a second later. */
    private static boolean hasSucceeded(RunObservation seen, SeenJob job) {
        return seen.report()
                .filter(report -> isOf(report, job) && report.phase() == RunReport.Phase.Succeeded)
                .isPresent();
    }

    /** The phase that a run with a Job had, where nothing new is known. */
    private static RunPhase phase(RunObservation seen) {
        return seen.phase() == RunPhase.Queued ? RunPhase.Starting : seen.phase();
    }

    /** A report of an attempt before the Job, as when a build was interrupted, says nothing of this one. */
    private static boolean isOf(RunReport report, SeenJob job) {
        return job.startedAt().map(start -> !report.updatedAt().isBefore(start)).orElse(false);
    }

    private static RunPlan working(RunObservation seen, RunReport report) {
        var failure = report.failure();
        if (failure != null) {
            return trying(seen, failure.reason(), failure.message(), !failure.retryable());
        }
        if (report.phase() == RunReport.Phase.Following) {
            var unheard = report.unheard() == null ? "" : "; " + report.unheard();
            return going(List.of(), RunPhase.Following, Obstacle.of(RunReason.Following, unheard));
        }
        if (report.phase() == RunReport.Phase.Listing) {
            return going(List.of(), RunPhase.Listing, Obstacle.of(RunReason.Listing));
        }
        var counts = report.counts();
        var done = counts.unchanged() + counts.added() + counts.updated() + counts.quarantined() + counts.skipped();
        return going(
                List.of(),
                RunPhase.Indexing,
                Obstacle.of(
                        RunReason.Indexing,
                        done,
                        counts.listed(),
                        counts.chunksWritten(),
                        counts.embedded(),
                        counts.reused()));
    }

    /** What follows its sources tries again whatever it is, and only tells that nothing but the user can help. */
    private static RunPlan trying(RunObservation seen, FailureReason reason, String message, boolean waits) {
        var follows = seen.mode() == RunMode.Follow;
        return new RunPlan(
                List.of(),
                phase(seen),
                reason.name(),
                message + whatFollows(seen, waits),
                follows && waits,
                Optional.empty());
    }

    private static String whatFollows(RunObservation seen, boolean waits) {
        if (seen.mode() == RunMode.Follow) {
            return "; it is tried again";
        }
        return waits && seen.job().isEmpty()
                ? "; the other shards go on, and the run itself tries again after them"
                : "; the Job tries again";
    }

    /** What follows its sources would be started again and again with the tombstones that it was given. */
    private static boolean isOfThePast(RunObservation seen, LastWords words) {
        return seen.mode() == RunMode.Follow && words.reason() == FailureReason.Superseded;
    }

    private static boolean isForTheUser(SeenPod pod) {
        return pod.exitCode().filter(code -> code == IngestionJob.EXIT_WAITS).isPresent();
    }

    private static RunPlan complete(RunObservation seen, SeenJob job) {
        if (seen.unreadable().isPresent()) {
            var obstacle = Obstacle.of(
                    RunReason.ReportUnreadable, seen.unreadable().get().message());
            return going(List.of(), phase(seen), obstacle);
        }
        var report = seen.report().filter(told -> told.phase() == RunReport.Phase.Succeeded);
        if (report.isEmpty()) {
            return ended(
                    seen,
                    RunPhase.Failed,
                    FailureReason.Internal.name(),
                    "the Job has ended well, and its report is not in the ledger",
                    false,
                    job.endedAt());
        }
        var counts = report.get().counts();
        var finishedAt = Optional.ofNullable(report.get().finishedAt()).or(job::endedAt);
        if (report.get().mode() == RunMode.Erase) {
            var erased = RunReason.Erased;
            return ended(seen, RunPhase.Succeeded, erased.name(), erased.message(counts.deleted()), false, finishedAt);
        }
        var done = RunReason.Succeeded.message(
                counts.listed(),
                counts.added(),
                counts.updated(),
                counts.deleted(),
                counts.unchanged(),
                counts.skipped(),
                counts.quarantined());
        var drift = Optional.ofNullable(report.get().drift()).filter(RunReport.Drift::isFound);
        var message = done
                + drift.map(found ->
                                "; drift was found and repaired: %d damaged documents, %d overlooked changes, %d orphaned chunks"
                                        .formatted(found.damaged(), found.overlooked(), found.orphaned()))
                        .orElse("");
        return ended(seen, RunPhase.Succeeded, RunReason.Succeeded.name(), message, false, finishedAt);
    }

    private static RunPlan failed(RunObservation seen, SeenJob job) {
        var last = seen.pods().isEmpty()
                ? Optional.<SeenPod>empty()
                : Optional.of(seen.pods().getLast());
        var waits = last.filter(RunPlanner::isForTheUser).isPresent();
        var words = last.flatMap(SeenPod::lastWords).flatMap(LastWords::parse);
        if (words.isPresent()) {
            return ended(
                    seen,
                    RunPhase.Failed,
                    words.get().reason().name(),
                    words.get().message(),
                    waits,
                    job.endedAt());
        }
        var told = seen.report().map(RunReport::failure);
        if (told.isPresent()) {
            var failure = told.get();
            return ended(
                    seen,
                    RunPhase.Failed,
                    failure.reason().name(),
                    failure.message(),
                    waits || !failure.retryable(),
                    job.endedAt());
        }
        var exit = last.flatMap(SeenPod::exitCode)
                .map(code -> "the worker ended with exit code " + code + "; ")
                .orElse("");
        return ended(seen, RunPhase.Failed, FailureReason.Internal.name(), exit + job.message(), waits, job.endedAt());
    }

    static RunPlan queued(List<RunStep> steps, Obstacle obstacle) {
        return going(steps, RunPhase.Queued, obstacle);
    }

    private static RunPlan going(List<RunStep> steps, RunPhase phase, Obstacle obstacle) {
        return new RunPlan(steps, phase, obstacle.reason(), obstacle.message(), false, Optional.empty());
    }

    private static RunPlan ended(
            RunObservation seen,
            RunPhase phase,
            String reason,
            String message,
            boolean waits,
            Optional<Instant> finishedAt) {
        return new RunPlan(List.of(), phase, reason, message, waits, Optional.of(finishedAt.orElse(seen.now())));
    }
}
