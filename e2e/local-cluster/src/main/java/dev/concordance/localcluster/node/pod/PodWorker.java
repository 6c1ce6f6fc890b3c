package dev.concordance.localcluster.node.pod;

import dev.concordance.localcluster.node.image.ImageStore;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps one pod as it is declared, in a thread of its own: observe, plan, act, report. */
public final class PodWorker {
    private static final System.Logger LOG = System.getLogger(PodWorker.class.getName());
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration REFRESH = Duration.ofSeconds(2);

    private final Node node;
    private final Path folder;
    private final Address address;
    private final Volumes volumes;
    private final List<ContainerWorker> containers;
    private final Semaphore wake = new Semaphore(0);
    private volatile Pod pod;
    private volatile boolean forgotten;
    private boolean released;
    private volatile @Nullable PodStatus reported;
    private Instant refreshed = Instant.EPOCH;

    /**
     * What all pods of a node share.
     *
     * @param folder with a folder for each pod
     * @param apiServer where pods find the API server
     * @param port of the agent, which no other agent of this host has
     */
    public record Node(Path folder, Cluster cluster, ImageStore images, URI apiServer, int port) {}

    /** A worker for {@code pod}; takes over what its folder tells of it. */
    public PodWorker(Pod pod, Node node) {
        this.pod = pod;
        this.node = node;
        folder = node.folder().resolve(pod.getMetadata().getUid());
        try {
            Files.createDirectories(folder.resolve("home"));
            address = Address.of(folder, node.port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        volumes = new Volumes(folder.resolve("volumes"), node.cluster());
        containers = pod.getSpec().getContainers().stream()
                .map(container -> new ContainerWorker(
                        container,
                        folder.resolve("containers").resolve(container.getName()),
                        address.loopback(),
                        wake::release))
                .toList();
        reported = pod.getStatus();
        trustReported();
    }

    /** The pod as the API server has it. */
    public Pod pod() {
        return pod;
    }

    /** Where it is found. */
    public Address address() {
        return address;
    }

    /** Whether a Service selects it, and it may be sent work: it has said that it is ready, and is not about to go. */
    public boolean isBehind(Service service) {
        var metadata = pod.getMetadata();
        var status = reported;
        return metadata.getNamespace().equals(service.getMetadata().getNamespace())
                && metadata.getDeletionTimestamp() == null
                && metadata.getLabels() != null
                && metadata.getLabels()
                        .entrySet()
                        .containsAll(service.getSpec().getSelector().entrySet())
                && status != null
                && status.getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    /** The number of a port that may be called by name. */
    public int port(IntOrString port) {
        return ProbeAttempt.port(pod.getSpec().getContainers(), port);
    }

    /** Processes of each container. */
    public Map<String, List<ProcessHandle>> processes() {
        var all = new LinkedHashMap<String, List<ProcessHandle>>();
        for (var container : containers) {
            var process = container.process();
            if (process != null && process.isRunning()) {
                all.put(container.spec().getName(), process.processes());
            }
        }
        return all;
    }

    /** The log of a container's last start, or of the one before. */
    public Optional<Path> log(String container, boolean previous) {
        return containers.stream()
                .filter(worker -> worker.spec().getName().equals(container))
                .findFirst()
                .flatMap(worker -> worker.log(previous));
    }

    /** Takes note of a change. */
    public void update(Pod changed) {
        pod = changed;
        wake.release();
    }

    /** The pod is gone from the API server: so its processes end, and its folder goes. */
    public void forget() {
        forgotten = true;
        wake.release();
    }

    /** Works until the pod is forgotten. */
    public void run() {
        while (!forgotten) {
            try {
                cycle(Instant.now());
                await(PodPlanner.isFinished(pod) ? REFRESH.multipliedBy(10) : TICK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception e) {
                LOG.log(Level.WARNING, "a cycle failed, and is tried again pod=" + name(), e);
                awaitQuietly();
            }
        }
        remove();
    }

    /** A pod that was let go may stay for the sake of its finalizers; nothing more is done about it. */
    private void cycle(Instant now) {
        if (released) {
            return;
        }
        for (var step : PodPlanner.plan(pod, observe(), now)) {
            act(step, now);
        }
        containers.forEach(container -> container.probe(now));
        report(now);
        var running = containers.stream().anyMatch(container -> container.process() != null);
        if (running && !PodPlanner.isFinished(pod) && now.isAfter(refreshed.plus(REFRESH))) {
            refresh(now);
        }
    }

    private List<ContainerSeen> observe() {
        return containers.stream().map(ContainerWorker::observe).toList();
    }

    private void act(Step step, Instant now) {
        switch (step) {
            case Step.Start(var container, var number) -> start(worker(container), number, now);
            case Step.End(var container, var grace) -> {
                LOG.log(Level.INFO, "end pod={0} container={1} grace={2}s", name(), container, grace);
                worker(container).end(grace);
            }
            case Step.Delete() -> {
                report(now);
                node.cluster().delete(pod);
                released = true;
            }
        }
    }

    private void start(ContainerWorker container, int number, Instant now) {
        try {
            var launch = launch(container.spec(), now);
            container.start(number, launch);
            LOG.log(
                    Level.INFO,
                    "start pod={0} container={1} number={2}",
                    name(),
                    container.spec().getName(),
                    number);
        } catch (Refusal.CannotStart e) {
            container.refuse(e, now);
        } catch (UncheckedIOException | KubernetesClientException e) {
            LOG.log(Level.WARNING, "a container could not be started pod=" + name(), e);
            container.refuse(new Refusal.CannotStart("CreateContainerError", String.valueOf(e.getMessage())), now);
        }
    }

    private Launch launch(Container container, Instant now) throws Refusal.CannotStart {
        Unsupported.in(pod).ifPresent(message -> {
            throw Refusal.missing(message);
        });
        var fields = new Fields(pod, address.reported());
        var image = node.images().find(container.getImage()).orElseThrow(() -> imageMissing(container));
        var folders = volumes.provide(fields, now);
        refreshed = now;
        var mounts = Volumes.mounts(container, folders);
        var scratch = mounts.getOrDefault("/tmp", folder.resolve("home"));
        return Launch.of(
                container,
                image,
                new Environment(fields, node.cluster()).of(container),
                new GivenEnvironment(pod, node.apiServer(), address, folder.resolve("home")).variables(mounts, scratch),
                new HostPaths(mounts, image.root()),
                scratch);
    }

    private Refusal.CannotStart imageMissing(Container container) {
        var reason = "Never".equals(container.getImagePullPolicy()) ? "ErrImageNeverPull" : "ErrImagePull";
        return new Refusal.CannotStart(
                reason,
                "the node has no image " + container.getImage() + "; it has "
                        + node.images().names());
    }

    private void refresh(Instant now) {
        refreshed = now;
        try {
            volumes.provide(new Fields(pod, address.reported()), now);
        } catch (Refusal.CannotStart e) {
            LOG.log(Level.DEBUG, "a volume stays as it is pod={0}: {1}", name(), e.getMessage());
        }
    }

    /** What has ended was told of already; and of one that ended under another agent, the folder may be gone. */
    private void report(Instant now) {
        if (PodPlanner.isFinished(pod)) {
            return;
        }
        var status = PodStatuses.of(pod, observe(), reported, address.reported(), now);
        if (!status.equals(reported)) {
            node.cluster().report(pod, status);
            reported = status;
        }
    }

    private void trustReported() {
        var before = reported;
        for (var status : before == null ? List.<ContainerStatus>of() : before.getContainerStatuses()) {
            containers.stream()
                    .filter(container -> container.spec().getName().equals(status.getName()))
                    .forEach(container -> container.trust(status));
        }
    }

    private void remove() {
        for (var container : containers) {
            container.end(0);
            var process = container.process();
            if (process != null) {
                process.awaitExit(TICK.multipliedBy(20));
            }
        }
        try {
            AtomicFolder.delete(folder);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the folder of a pod stays pod=" + name(), e);
        }
    }

    private void await(Duration limit) throws InterruptedException {
        if (wake.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
    }

    private void awaitQuietly() {
        try {
            await(REFRESH);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ContainerWorker worker(String name) {
        return containers.stream()
                .filter(container -> container.spec().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String name() {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }
}
