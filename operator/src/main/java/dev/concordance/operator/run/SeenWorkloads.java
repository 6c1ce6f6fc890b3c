package dev.concordance.operator.run;

import dev.concordance.operator.run.RunObservation.JobState;
import dev.concordance.operator.run.RunObservation.SeenJob;
import dev.concordance.operator.run.RunObservation.SeenPod;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads Jobs and pods. */
final class SeenWorkloads {
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");
    private static final Set<String> STARTING = Set.of("ContainerCreating", "PodInitializing");

    private SeenWorkloads() {}

    static SeenJob of(Job job) {
        var status = Optional.ofNullable(job.getStatus());
        var complete = status.flatMap(told -> condition(told, "Complete"));
        var failed = status.flatMap(told -> condition(told, "Failed"));
        var startedAt = status.flatMap(told -> instant(told.getStartTime()))
                .or(() -> instant(job.getMetadata().getCreationTimestamp()));
        return new SeenJob(
                job.getMetadata().getName(),
                Optional.ofNullable(job.getSpec().getCompletions()).orElse(1),
                state(job, complete, failed),
                startedAt,
                complete.or(() -> failed).flatMap(condition -> instant(condition.getLastTransitionTime())),
                failed.map(SeenWorkloads::sentence).orElse(""));
    }

    private static JobState state(Job job, Optional<JobCondition> complete, Optional<JobCondition> failed) {
        if (job.isMarkedForDeletion()) {
            return JobState.GOING;
        }
        if (complete.isPresent()) {
            return JobState.COMPLETE;
        }
        return failed.isPresent() ? JobState.FAILED : JobState.ACTIVE;
    }

    private static Optional<JobCondition> condition(JobStatus status, String type) {
        return status.getConditions() == null
                ? Optional.empty()
                : status.getConditions().stream()
                        .filter(condition -> type.equals(condition.getType()) && "True".equals(condition.getStatus()))
                        .findFirst();
    }

    private static String sentence(JobCondition condition) {
        var message = condition.getMessage();
        return message == null || message.isEmpty() ? "the Job failed: " + condition.getReason() : message;
    }

    static SeenPod of(Pod pod) {
        var status = Optional.ofNullable(pod.getStatus());
        var worker = status.map(PodStatus::getContainerStatuses).orElse(List.of()).stream()
                .findFirst();
        var terminated = worker.map(ContainerStatus::getState).map(state -> state.getTerminated());
        var ended = isEnded(pod);
        return new SeenPod(
                pod.getMetadata().getName(),
                ended,
                terminated.map(state -> state.getExitCode()),
                terminated.map(state -> state.getMessage()),
                ended ? Optional.empty() : waits(status, worker));
    }

    static boolean isEnded(Pod pod) {
        return Optional.ofNullable(pod.getStatus())
                .map(PodStatus::getPhase)
                .filter(ENDED::contains)
                .isPresent();
    }

    private static Optional<String> waits(Optional<PodStatus> status, Optional<ContainerStatus> worker) {
        var container = worker.map(ContainerStatus::getState)
                .map(state -> state.getWaiting())
                .filter(waiting -> waiting.getReason() != null && !STARTING.contains(waiting.getReason()))
                .map(SeenWorkloads::sentence);
        return container.or(() -> status.map(PodStatus::getConditions).orElse(List.of()).stream()
                .filter(condition ->
                        "PodScheduled".equals(condition.getType()) && "False".equals(condition.getStatus()))
                .map(condition -> "it can't be scheduled: " + condition.getMessage())
                .findFirst());
    }

    private static String sentence(ContainerStateWaiting waiting) {
        return waiting.getMessage() == null ? waiting.getReason() : waiting.getReason() + ": " + waiting.getMessage();
    }

    private static Optional<Instant> instant(@Nullable String text) {
        return Optional.ofNullable(text).map(Instant::parse);
    }
}
