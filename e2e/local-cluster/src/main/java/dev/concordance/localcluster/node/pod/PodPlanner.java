package dev.concordance.localcluster.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides what is done about a pod next. */
final class PodPlanner {
    private static final long GRACE = 30;

    private PodPlanner() {}

    static List<Step> plan(Pod pod, List<ContainerSeen> containers, Instant now) {
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            return deletion(pod, containers);
        }
        if (isFinished(pod)) {
            return List.of();
        }
        return containers.stream()
                .flatMap(container -> next(pod, container, now).stream())
                .toList();
    }

    /** Whether the pod has ended for good; what has ended once is never started again. */
    static boolean isFinished(Pod pod) {
        var phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    static String restartPolicy(Pod pod) {
        var policy = pod.getSpec().getRestartPolicy();
        return policy == null ? "Always" : policy;
    }

    private static List<Step> deletion(Pod pod, List<ContainerSeen> containers) {
        if (containers.stream().noneMatch(ContainerSeen::isRunning)) {
            return List.of(new Step.Delete());
        }
        var grace = or(pod.getMetadata().getDeletionGracePeriodSeconds(), grace(pod));
        return containers.stream()
                .filter(container -> container.isRunning() && !container.ending())
                .<Step>map(container -> new Step.End(container.spec().getName(), grace))
                .toList();
    }

    private static Optional<Step> next(Pod pod, ContainerSeen container, Instant now) {
        var name = container.spec().getName();
        var refusal = container.refusal();
        if (container.isRunning()) {
            return container.health().isAlive() || container.ending()
                    ? Optional.empty()
                    : Optional.of(new Step.End(name, grace(pod)));
        }
        if (refusal != null && now.isBefore(refusal.retryAt())) {
            return Optional.empty();
        }
        var current = container.current();
        if (current == null) {
            return Optional.of(new Step.Start(name, 0));
        }
        return container.isRestarted(restartPolicy(pod))
                        && !now.isBefore(container.backOff().notBefore())
                ? Optional.of(new Step.Start(name, current.number() + 1))
                : Optional.empty();
    }

    private static long grace(Pod pod) {
        return or(pod.getSpec().getTerminationGracePeriodSeconds(), GRACE);
    }

    private static long or(@Nullable Long value, long otherwise) {
        return value == null ? otherwise : value;
    }
}
