package dev.concordance.operator.run;

import dev.concordance.manifest.Tombstones;
import dev.concordance.operator.kube.Annotations;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.run.RunObservation.JobState;
import dev.concordance.operator.run.RunObservation.SeenJob;
import dev.concordance.operator.run.RunObservation.SeenPod;
import dev.concordance.operator.workload.IngestionJob;
import dev.concordance.operator.workload.WorkerImage;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads Jobs and pods. */
final class SeenWorkloads {
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");
    private static final Set<String> STARTING = Set.of("ContainerCreating", "PodInitializing");
    /** Why a kubelet doesn't start a container whose image it hasn't got. */
    private static final Set<String> WITHOUT_IMAGE = Set.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "ErrImageNeverPull",
            "InvalidImageName",
            "ImageInspectError",
            "RegistryUnavailable");

    private SeenWorkloads() {}

    /**
     * A Job. It keeps the image that it was started with, unless a pod of it can't get that one.
     *
     * @param image of pods that would be started now
     * @param pods of the run
     */
    static SeenJob of(Job job, WorkerImage image, Stream<Pod> pods) {
        var status = Optional.ofNullable(job.getStatus());
        var complete = status.flatMap(told -> condition(told, "Complete"));
        var failed = status.flatMap(told -> condition(told, "Failed"));
        var startedAt = status.flatMap(told -> instant(told.getStartTime()))
                .or(() -> instant(job.getMetadata().getCreationTimestamp()));
        var outdated = isAnother(job.getSpec().getTemplate(), image) && pods.anyMatch(SeenWorkloads::lacksImage);
        return new SeenJob(
                job.getMetadata().getName(),
                Optional.ofNullable(job.getSpec().getCompletions()).orElse(1),
                state(job, complete, failed, outdated),
                startedAt,
                complete.or(() -> failed).flatMap(condition -> instant(condition.getLastTransitionTime())),
                failed.map(SeenWorkloads::sentence).orElse(""));
    }

    /**
     * A Deployment.
     *
     * @param image of pods that would be started now
     * @param tombstones that they would be given
     */
    static SeenJob of(Deployment deployment, WorkerImage image, Tombstones tombstones) {
        var given = Annotations.value(deployment, Labels.TOMBSTONES);
        var outdated = !given.equals(Optional.of(IngestionJob.digest(tombstones)))
                || isAnother(deployment.getSpec().getTemplate(), image);
        JobState state = JobState.ACTIVE;
        if (deployment.isMarkedForDeletion()) {
            state = JobState.GOING;
        } else if (outdated) {
            state = JobState.OUTDATED;
        }
        return new SeenJob(
                deployment.getMetadata().getName(),
                1,
                state,
                instant(deployment.getMetadata().getCreationTimestamp()),
                Optional.empty(),
                "");
    }

    private static boolean isAnother(PodTemplateSpec template, WorkerImage image) {
        return template.getSpec().getContainers().stream()
                .anyMatch(container -> !image.name().equals(container.getImage()));
    }

    private static boolean lacksImage(Pod pod) {
        return !isEnded(pod)
                && Optional.ofNullable(pod.getStatus()).map(PodStatus::getContainerStatuses).orElse(List.of()).stream()
                        .map(ContainerStatus::getState)
                        .filter(state -> state != null && state.getWaiting() != null)
                        .anyMatch(state -> WITHOUT_IMAGE.contains(
                                String.valueOf(state.getWaiting().getReason())));
    }

    private static JobState state(
            Job job, Optional<JobCondition> complete, Optional<JobCondition> failed, boolean outdated) {
        if (job.isMarkedForDeletion()) {
            return JobState.GOING;
        }
        if (complete.isPresent()) {
            return JobState.COMPLETE;
        }
        if (failed.isPresent()) {
            return JobState.FAILED;
        }
        return outdated ? JobState.OUTDATED : JobState.ACTIVE;
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
        var terminated = worker.map(ContainerStatus::getState)
                .map(state -> state.getTerminated())
                .or(() -> worker.map(ContainerStatus::getLastState).map(state -> state.getTerminated()));
        var ended = isEnded(pod);
        return new SeenPod(
                pod.getMetadata().getName(),
                ended,
                terminated.map(state -> state.getExitCode()),
                terminated.map(state -> state.getMessage()),
                ended ? Optional.empty() : waits(status, worker));
    }

    /** The generation that a pod writes to; empty: any, as one that erases, or that an operator before there was the label has started. */
    static Optional<Integer> generation(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getLabels().get(Labels.GENERATION))
                .map(Integer::valueOf);
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
