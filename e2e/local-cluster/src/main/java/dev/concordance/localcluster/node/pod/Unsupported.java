package dev.concordance.localcluster.node.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a pod may ask of a kubelet, and this node can't do: it says so, rather than leave it out. */
final class Unsupported {
    private Unsupported() {}

    static Optional<String> in(Pod pod) {
        if (!pod.getSpec().getInitContainers().isEmpty()) {
            return Optional.of("this node runs no init containers");
        }
        return pod.getSpec().getContainers().stream()
                .flatMap(container -> in(container).stream())
                .findFirst();
    }

    private static Optional<String> in(Container container) {
        var probes =
                Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe());
        if (probes.anyMatch(Unsupported::isForeign)) {
            return Optional.of("this node probes by plain HTTP and TCP only");
        }
        var lifecycle = container.getLifecycle();
        if (lifecycle == null) {
            return Optional.empty();
        }
        var before = lifecycle.getPreStop();
        return lifecycle.getPostStart() != null || before != null && before.getSleep() == null
                ? Optional.of("the only lifecycle hook that this node knows is to sleep before the end")
                : Optional.empty();
    }

    private static boolean isForeign(@Nullable Probe probe) {
        if (probe == null) {
            return false;
        }
        var http = probe.getHttpGet();
        return http == null ? probe.getTcpSocket() == null : "HTTPS".equals(http.getScheme());
    }
}
