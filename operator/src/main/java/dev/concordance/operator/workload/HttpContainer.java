package dev.concordance.operator.workload;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;

/** A container that answers HTTP requests: its port, its probes, and its end, before which no more requests come. */
final class HttpContainer {
    /** Until then proxies have learned that the pod takes no more requests. */
    static final long UNROUTED_SECONDS = 3;

    private static final int HTTP_PORT = 8080;
    private static final int START_PATIENCE_SECONDS = 120;

    private HttpContainer() {}

    static ContainerBuilder of(
            String name,
            WorkerImage image,
            List<String> arguments,
            ResourceRequirements resources,
            List<VolumeMount> mounts) {
        return new ContainerBuilder()
                .withName(name)
                .withImage(image.name())
                .withImagePullPolicy(image.pullPolicy())
                .withArgs(arguments)
                .withResources(resources)
                .withSecurityContext(Hardened.container())
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .addNewPort()
                .withName("http")
                .withContainerPort(HTTP_PORT)
                .withProtocol("TCP")
                .endPort()
                .withStartupProbe(new ProbeBuilder(probe("/q/health/live"))
                        .withPeriodSeconds(1)
                        .withFailureThreshold(START_PATIENCE_SECONDS)
                        .build())
                .withLivenessProbe(probe("/q/health/live"))
                .withReadinessProbe(new ProbeBuilder(probe("/q/health/ready"))
                        .withPeriodSeconds(2)
                        .build())
                .withNewLifecycle()
                .withNewPreStop()
                .withNewSleep(UNROUTED_SECONDS)
                .endPreStop()
                .endLifecycle()
                .withVolumeMounts(mounts);
    }

    private static Probe probe(String path) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort("http")
                .endHttpGet()
                .withPeriodSeconds(10)
                .withTimeoutSeconds(2)
                .withFailureThreshold(3)
                .build();
    }
}
