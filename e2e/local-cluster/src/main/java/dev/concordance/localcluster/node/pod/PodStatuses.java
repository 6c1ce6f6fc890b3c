package dev.concordance.localcluster.node.pod;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HostIP;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells what became of a pod, as a kubelet does. */
final class PodStatuses {
    private static final String HOST = "127.0.0.1";
    private static final Set<String> OURS =
            Set.of("PodReadyToStartContainers", "Initialized", "ContainersReady", "Ready");

    private PodStatuses() {}

    /**
     * @param previous what was reported last
     * @param address the made-up address of the pod
     */
    static PodStatus of(
            Pod pod, List<ContainerSeen> containers, @Nullable PodStatus previous, String address, Instant now) {
        var policy = PodPlanner.restartPolicy(pod);
        var phase = phase(pod, containers, policy);
        var started = previous == null ? null : previous.getStartTime();
        return new PodStatusBuilder()
                .withPhase(phase)
                .withStartTime(started == null ? text(now) : started)
                .withHostIP(HOST)
                .withHostIPs(new HostIP(HOST))
                .withPodIP(address)
                .withPodIPs(new PodIP(address))
                .withObservedGeneration(pod.getMetadata().getGeneration())
                .withConditions(conditions(pod, containers, phase, previous, now))
                .withContainerStatuses(containers.stream()
                        .map(container -> status(container, policy, pod))
                        .toList())
                .build();
    }

    private static String phase(Pod pod, List<ContainerSeen> containers, String policy) {
        if (PodPlanner.isFinished(pod)) {
            return pod.getStatus().getPhase();
        }
        var deleted = pod.getMetadata().getDeletionTimestamp() != null;
        if (containers.stream().allMatch(c -> hasEndedForGood(c, policy, deleted))) {
            return containers.stream().allMatch(PodStatuses::hasSucceeded) ? "Succeeded" : "Failed";
        }
        return containers.stream().allMatch(container -> container.current() == null) ? "Pending" : "Running";
    }

    private static boolean hasEndedForGood(ContainerSeen container, String policy, boolean deleted) {
        return container.current() != null && !container.isRunning() && (deleted || !container.isRestarted(policy));
    }

    private static boolean hasSucceeded(ContainerSeen container) {
        return container.current() != null
                && container.current().exit() != null
                && container.current().exit().code() == 0;
    }

    private static List<PodCondition> conditions(
            Pod pod, List<ContainerSeen> containers, String phase, @Nullable PodStatus previous, Instant now) {
        var unready = containers.stream()
                .filter(container -> !container.isReady())
                .map(container -> container.spec().getName())
                .toList();
        var ended = phase.equals("Succeeded") || phase.equals("Failed");
        var ready = unready.isEmpty() && !ended;
        var reason = ended ? phase.equals("Succeeded") ? "PodCompleted" : "PodFailed" : "ContainersNotReady";
        var message = ended ? null : "containers with unready status: " + unready;
        var before = previous == null ? List.<PodCondition>of() : previous.getConditions();
        var conditions = new ArrayList<>(foreign(pod));
        conditions.add(condition("PodReadyToStartContainers", !ended, null, null));
        conditions.add(condition("Initialized", true, null, null));
        for (var type : List.of("ContainersReady", "Ready")) {
            conditions.add(ready ? condition(type, true, null, null) : condition(type, false, reason, message));
        }
        conditions.stream()
                .filter(condition -> OURS.contains(condition.getType()))
                .forEach(condition -> since(condition, before, now));
        return conditions;
    }

    /** What others have said, such as that it was scheduled, or is about to be disrupted. */
    private static List<PodCondition> foreign(Pod pod) {
        return pod.getStatus() == null
                ? List.of()
                : pod.getStatus().getConditions().stream()
                        .filter(condition -> !OURS.contains(condition.getType()))
                        .toList();
    }

    private static PodCondition condition(
            String type, boolean status, @Nullable String reason, @Nullable String message) {
        return new PodConditionBuilder()
                .withType(type)
                .withStatus(status ? "True" : "False")
                .withReason(reason)
                .withMessage(message)
                .build();
    }

    private static void since(PodCondition condition, List<PodCondition> before, Instant now) {
        var same = before.stream()
                .filter(other -> other.getType().equals(condition.getType()))
                .filter(other -> other.getStatus().equals(condition.getStatus()))
                .findFirst();
        condition.setLastTransitionTime(
                same.map(PodCondition::getLastTransitionTime).orElseGet(() -> text(now)));
    }

    private static ContainerStatus status(ContainerSeen container, String policy, Pod pod) {
        var run = container.current();
        var waiting = waiting(container, policy, pod);
        var builder = new ContainerStatusBuilder()
                .withName(container.spec().getName())
                .withImage(container.spec().getImage())
                .withImageID("")
                .withReady(container.isReady())
                .withStarted(container.isRunning() && container.health().isStarted(container.spec()))
                .withRestartCount(run == null ? 0 : run.number());
        if (run != null) {
            builder.withContainerID("process://" + pod.getMetadata().getUid() + "/" + run.number());
        }
        var before = waiting != null ? run : container.previous();
        if (before != null && before.exit() != null) {
            builder.withLastState(state(before));
        }
        return builder.withState(waiting != null || run == null ? waiting : state(run))
                .build();
    }

    /** Why it doesn't run although it should; null: it runs, or has ended for good. */
    private static @Nullable ContainerState waiting(ContainerSeen container, String policy, Pod pod) {
        var refusal = container.refusal();
        var finished = PodPlanner.isFinished(pod) || pod.getMetadata().getDeletionTimestamp() != null;
        if (container.isRunning() || container.current() != null && (finished || !container.isRestarted(policy))) {
            return null;
        }
        if (refusal != null) {
            return waiting(refusal.reason(), refusal.message());
        }
        var run = container.current();
        if (run == null || run.exit() == null) {
            return waiting("ContainerCreating", null);
        }
        return waiting(
                "CrashLoopBackOff",
                "starts again at " + text(container.backOff().notBefore()) + " after exit code "
                        + run.exit().code());
    }

    private static ContainerState waiting(String reason, @Nullable String message) {
        return new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(reason)
                .withMessage(message)
                .endWaiting()
                .build();
    }

    private static ContainerState state(Run run) {
        var exit = run.exit();
        if (exit == null) {
            return new ContainerStateBuilder()
                    .withNewRunning()
                    .withStartedAt(text(run.startedAt()))
                    .endRunning()
                    .build();
        }
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(exit.code())
                .withReason(exit.code() == 0 ? "Completed" : "Error")
                .withMessage(exit.message().isEmpty() ? null : exit.message())
                .withStartedAt(text(run.startedAt()))
                .withFinishedAt(text(exit.at()))
                .endTerminated()
                .build();
    }

    private static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
