package dev.concordance.localcluster.node;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.lang.System.Logger.Level;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Says that the node is there, and that it still is. */
final class NodeRegistration {
    private static final System.Logger LOG = System.getLogger(NodeRegistration.class.getName());
    private static final int LEASE_SECONDS = 40;
    private static final Duration STATUS_PERIOD = Duration.ofMinutes(5);

    /**
     * More than the host has: what is asked for here is never used at the same time, and a pod that isn't scheduled shows nothing.
     */
    private static final Map<String, Quantity> CAPACITY = Map.of(
            "cpu", new Quantity("64"),
            "memory", new Quantity("256Gi"),
            "ephemeral-storage", new Quantity("1Ti"),
            "pods", new Quantity("250"));

    private final KubernetesClient client;
    private final String name;
    private final int port;
    private final Instant since = Instant.now();
    private Instant statusDue = Instant.EPOCH;

    NodeRegistration(KubernetesClient client, String name, int port) {
        this.client = client;
        this.name = name;
        this.port = port;
    }

    /** Called every few seconds. */
    void beat() {
        try {
            var now = Instant.now();
            if (!now.isBefore(statusDue)) {
                register(now);
                statusDue = now.plus(STATUS_PERIOD);
            }
            renew(now);
        } catch (KubernetesClientException e) {
            statusDue = Instant.EPOCH;
            LOG.log(Level.WARNING, "the node could not be reported: {0}", e.getMessage());
        }
    }

    private void register(Instant now) {
        if (client.nodes().withName(name).get() == null) {
            client.nodes().resource(node(name)).create();
        }
        var change = new NodeBuilder(node(name)).withStatus(status(now)).build();
        client.nodes().resource(change).subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), change);
    }

    private static Node node(String name) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("kubernetes.io/hostname", name)
                .addToLabels("kubernetes.io/os", "linux")
                .addToLabels("kubernetes.io/arch", architecture())
                .endMetadata()
                .build();
    }

    private NodeStatus status(Instant now) {
        return new NodeStatusBuilder()
                .withCapacity(CAPACITY)
                .withAllocatable(CAPACITY)
                .addNewAddress("127.0.0.1", "InternalIP")
                .addNewAddress(name, "Hostname")
                .withNewDaemonEndpoints()
                .withNewKubeletEndpoint(port)
                .endDaemonEndpoints()
                .withNewNodeInfo()
                .withArchitecture(architecture())
                .withOperatingSystem("linux")
                .withOsImage(System.getProperty("os.name"))
                .withKernelVersion(System.getProperty("os.version"))
                .withContainerRuntimeVersion("process://" + Runtime.version().feature())
                .withKubeletVersion("v1.36.2")
                .withKubeProxyVersion("")
                .withMachineID("")
                .withSystemUUID("")
                .withBootID("")
                .endNodeInfo()
                .withConditions(conditions(now))
                .build();
    }

    private List<NodeCondition> conditions(Instant now) {
        return List.of(
                condition("Ready", true, now),
                condition("MemoryPressure", false, now),
                condition("DiskPressure", false, now),
                condition("PIDPressure", false, now));
    }

    private NodeCondition condition(String type, boolean status, Instant now) {
        return new NodeConditionBuilder()
                .withType(type)
                .withStatus(status ? "True" : "False")
                .withReason("NodeAgent")
                .withMessage("pods run as processes of this host")
                .withLastHeartbeatTime(text(now))
                .withLastTransitionTime(text(since))
                .build();
    }

    private static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void renew(Instant now) {
        var lease = lease(now);
        try {
            client.resource(lease).patch(PatchContext.of(PatchType.JSON_MERGE), lease);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                throw e;
            }
            client.resource(lease).create();
        }
    }

    private Lease lease(Instant now) {
        return new LeaseBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("kube-node-lease")
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(name)
                .withLeaseDurationSeconds(LEASE_SECONDS)
                .withRenewTime(ZonedDateTime.ofInstant(now.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC))
                .endSpec()
                .build();
    }

    private static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    }
}
