package dev.concordance.localcluster.node.pod;

import io.fabric8.kubernetes.api.model.Container;
import org.jspecify.annotations.Nullable;

/**
 * What the agent knows of a container.
 *
 * @param current its last start
 * @param previous the start before that one
 * @param ending whether it has been told to end
 * @param refusal why its next start failed
 */
record ContainerSeen(
        Container spec,
        @Nullable Run current,
        @Nullable Run previous,
        boolean ending,
        Health health,
        BackOff backOff,
        @Nullable Refusal refusal) {
    boolean isRunning() {
        return current != null && current.isRunning();
    }

    boolean isReady() {
        return isRunning() && health.isReady(spec);
    }

    /** Whether it is to be started again under the pod's {@code policy}. */
    boolean isRestarted(String policy) {
        return current != null
                && current.exit() != null
                && (policy.equals("Always")
                        || policy.equals("OnFailure") && current.exit().code() != 0);
    }
}
