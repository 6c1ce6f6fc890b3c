package dev.concordance.localcluster.node;

import dev.concordance.localcluster.node.metrics.MetricsApi;
import dev.concordance.localcluster.node.pod.PodFolders;
import dev.concordance.localcluster.node.pod.PodWorker;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The pods bound to the node, each with its worker. */
final class Pods implements ResourceEventHandler<Pod> {
    private static final System.Logger LOG = System.getLogger(Pods.class.getName());

    private final PodWorker.Node node;
    private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();

    /** Pods' folders hold the Secrets that they mount, so they are for the user's eyes only. */
    Pods(PodWorker.Node node) throws IOException {
        this.node = node;
        Files.createDirectories(node.folder());
        Files.setPosixFilePermissions(node.folder(), PosixFilePermissions.fromString("rwx------"));
    }

    @Override
    public void onAdd(Pod pod) {
        workers.computeIfAbsent(uid(pod), uid -> {
                    var worker = new PodWorker(pod, node);
                    Thread.ofVirtual()
                            .name("pod-" + pod.getMetadata().getName())
                            .start(worker::run);
                    return worker;
                })
                .update(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        if (!uid(before).equals(uid(pod))) {
            onDelete(before, false);
        }
        onAdd(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
        var worker = workers.remove(uid(pod));
        if (worker != null) {
            worker.forget();
        }
    }

    /**
     * Ends what runs for pods that went while the agent was away.
     *
     * @param present those that the API server has; their workers may still be to come
     */
    void removeLeftovers(List<Pod> present) {
        var uids = present.stream().map(Pods::uid).collect(Collectors.toSet());
        try {
            try (var folders = Files.list(node.folder())) {
                folders.filter(folder -> !uids.contains(folder.getFileName().toString()))
                        .forEach(Pods::remove);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<MetricsApi.Measured> measured() {
        return workers.values().stream()
                .map(worker -> new MetricsApi.Measured(worker.pod(), worker.processes()))
                .toList();
    }

    Optional<PodWorker> find(String namespace, String name) {
        return workers.values().stream()
                .filter(worker -> worker.pod().getMetadata().getNamespace().equals(namespace))
                .filter(worker -> worker.pod().getMetadata().getName().equals(name))
                .findFirst();
    }

    /** Where the ready pods behind a Service's port listen. */
    List<InetSocketAddress> listening(Service service, ServicePort port) {
        return workers.values().stream()
                .filter(worker -> worker.isBehind(service))
                .map(worker -> new InetSocketAddress(worker.address().loopback(), worker.port(port.getTargetPort())))
                .toList();
    }

    private static void remove(Path folder) {
        LOG.log(Level.INFO, "remove a pod that is gone folder={0}", folder);
        PodFolders.end(folder, Duration.ZERO);
        PodFolders.delete(folder);
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
