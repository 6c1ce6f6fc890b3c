package dev.concordance.localcluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.concordance.localcluster.node.NodeAgentProcess;
import dev.concordance.localcluster.node.image.ImageStore;
import dev.concordance.localcluster.servers.ElasticsearchProcess;
import dev.concordance.localcluster.servers.LocalServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * All that Concordance runs on, on one machine: the control plane with its node, an Elasticsearch node and a git server.
 * Everything outlives the process that starts it and is found again by its state folder.
 */
public final class LocalCluster {
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final int ELASTICSEARCH_HEAP_MEGABYTES = 512;
    private static final String ELASTICSEARCH = "elasticsearch";
    private static final String SERVERS = "servers";

    /** The operator's image, without its tag. */
    public static final String OPERATOR = "concordance/operator";

    /** The index server's image, without its tag. */
    public static final String INDEX_SERVER = "concordance/index-server";

    private final Path root;
    private final Path state;
    private final Binaries binaries;
    private final ControlPlane controlPlane;
    private final NodeAgentProcess node;
    private final Ports ports;

    private LocalCluster(Path root, Path state, Binaries binaries, Ports ports) {
        this.root = root;
        this.state = state;
        this.binaries = binaries;
        this.controlPlane = ControlPlane.in(state, binaries);
        this.node = new NodeAgentProcess(controlPlane, state);
        this.ports = ports;
    }

    private record Ports(int elasticsearch, int git, int gateway) {
        private static Ports keptIn(Path file) throws IOException {
            var json = new ObjectMapper();
            if (Files.isRegularFile(file)) {
                return json.readValue(file.toFile(), Ports.class);
            }
            var free = FreePorts.take(3);
            var ports = new Ports(free.get(0), free.get(1), free.get(2));
            Files.createDirectories(file.getParent());
            json.writeValue(file.toFile(), ports);
            return ports;
        }
    }

    /** The cluster whose state is below {@code state}, of the project at {@code root}; nothing is started. */
    public static LocalCluster in(Path root, Path state, Binaries binaries) {
        try {
            return new LocalCluster(root, state, binaries, Ports.keptIn(state.resolve("servers.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts what doesn't run, and waits until all of it answers. */
    public void start(Consumer<String> progress) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var servers = threads.submit(() -> startServers(progress));
            if (!controlPlane.daemon("kube-apiserver").isRunning()) {
                progress.accept("Starting etcd, kube-apiserver, controller-manager and scheduler");
            }
            controlPlane.start();
            if (!node.daemon().isRunning()) {
                progress.accept("Starting the node");
            }
            node.start(images());
            servers.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a server did not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void startServers(Consumer<String> progress) {
        if (!daemon(SERVERS).isRunning()) {
            startGitServerAndGateway();
        }
        if (!daemon(ELASTICSEARCH).isRunning()) {
            progress.accept("Starting Elasticsearch");
            startElasticsearch();
        }
    }

    /** Ends all of it, pods first; the state stays. */
    public void stop() {
        node.stop();
        node.stopPods();
        new ImageStore(node.images(), images()).removeReplaced();
        daemon(SERVERS).stop(GRACE);
        daemon(ELASTICSEARCH).stop(GRACE);
        controlPlane.stop();
    }

    /** The control plane. */
    public ControlPlane controlPlane() {
        return controlPlane;
    }

    /** The programs written in Go. */
    public Binaries binaries() {
        return binaries;
    }

    /** Where Elasticsearch answers. */
    public URI elasticsearchUrl() {
        return URI.create("http://127.0.0.1:" + ports.elasticsearch());
    }

    /** Where the project's own repository can be cloned from. */
    public URI gitUrl() {
        return URI.create("http://127.0.0.1:" + ports.git() + "/" + LocalServers.REPOSITORY + ".git");
    }

    /** The one address of all query servers. */
    public URI gatewayUrl() {
        return URI.create("http://127.0.0.1:" + ports.gateway());
    }

    /** Digest of the image that was built from this checkout. */
    public String imageDigest(String image) {
        return ImageStore.digest(Objects.requireNonNull(images().get(image + ":" + version())));
    }

    /** The version of the project that this class was built from. */
    public static String version() {
        try (var version = LocalCluster.class.getResourceAsStream("version")) {
            return new String(Objects.requireNonNull(version).readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder with kubectl and Helm, for a PATH. */
    public Path programs() {
        try {
            var folder = Files.createDirectories(state.resolve("bin"));
            for (var name : List.of("kubectl", "helm")) {
                var link = folder.resolve(name);
                var program = Path.of(binaries.path(name)).toAbsolutePath();
                if (!Files.isSymbolicLink(link) || !Files.readSymbolicLink(link).equals(program)) {
                    Files.deleteIfExists(link);
                    Files.createSymbolicLink(link, program);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Path> images() {
        return Map.of(
                OPERATOR + ":" + version(), root.resolve("operator/target/operator-image.tar"),
                INDEX_SERVER + ":" + version(), root.resolve("index-server/target/index-server-image.tar"));
    }

    /** Where the first port of a Service is reached from outside. */
    public URI serviceUrl(String namespace, String service) throws IOException {
        return URI.create(
                Files.readString(services().resolve(namespace + "." + service)).strip());
    }

    /** Where the node writes the addresses of Services. */
    private Path services() {
        return state.resolve("services");
    }

    /** Everything that this cluster writes. */
    public Path state() {
        return state;
    }

    private Daemon daemon(String name) {
        return new Daemon(name, state.resolve("run"));
    }

    private void startElasticsearch() {
        var options = new ElasticsearchProcess.Options(
                state.resolve(ELASTICSEARCH), ports.elasticsearch(), ELASTICSEARCH_HEAP_MEGABYTES, true, true);
        var node = ElasticsearchProcess.start(options);
        try {
            daemon(ELASTICSEARCH).remember(ProcessHandle.of(node.pid()).orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startGitServerAndGateway() {
        daemon(SERVERS)
                .start(
                        SmallJvm.command(
                                root,
                                LocalServers.class,
                                List.of(
                                        String.valueOf(ports.git()),
                                        root.toString(),
                                        String.valueOf(ports.gateway()),
                                        services().toString())),
                        Map.of());
    }
}
