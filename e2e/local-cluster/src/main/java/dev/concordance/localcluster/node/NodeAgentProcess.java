package dev.concordance.localcluster.node;

import dev.concordance.localcluster.ControlPlane;
import dev.concordance.localcluster.Daemon;
import dev.concordance.localcluster.node.pod.PodFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** The agent as a process that outlives its starter; its state is beside that of its control plane. */
public record NodeAgentProcess(ControlPlane controlPlane, Path state) {
    /** The node's name, for which the control plane's certificates are made. */
    public static final String NODE = "local-0";

    private static final Duration START_LIMIT = Duration.ofSeconds(120);
    private static final Duration GRACE = Duration.ofSeconds(10);

    /**
     * Starts it and waits until it listens, unless it runs with the same images already; with others it is started anew, and pods
     * go on.
     *
     * @param images OCI archive by name, such as {@code concordance/operator:0.1.0}
     */
    public void start(Map<String, Path> images) {
        var command = command(images);
        var text = String.join("\n", command) + "\n"
                + new TreeMap<>(images)
                        .values().stream().map(NodeAgentProcess::version).toList()
                + version(module().resolve("classes"));
        var kept = state.resolve("node-agent.command");
        try {
            if (daemon().isRunning()
                    && Files.exists(kept)
                    && Files.readString(kept).equals(text)) {
                return;
            }
            daemon().stop(GRACE);
            Files.createDirectories(state);
            Files.writeString(kept, text);
            daemon().start(command, Map.of("MALLOC_ARENA_MAX", "2"));
            awaitEndpoint();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the agent; the pods go on. */
    public void stop() {
        daemon().stop(GRACE);
    }

    /** Ends the processes of all pods, which start again with the agent. Call it when the agent has ended. */
    public void stopPods() {
        PodFolders.endAll(state.resolve("pods"), GRACE);
    }

    /** The process of a pod's container; empty: there is none now. */
    public Optional<ProcessHandle> process(String podUid, String container) {
        return PodFolders.process(state.resolve("pods").resolve(podUid), container);
    }

    /** The base URL of a Service on this host; empty: the agent forwards none of this name. */
    public Optional<URI> service(String namespace, String name) {
        var file = state.resolve("services").resolve(namespace + "." + name);
        try {
            return Files.exists(file)
                    ? Optional.of(URI.create(Files.readString(file).strip()))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it unpacks images. */
    public Path images() {
        return NodeAgent.images(state);
    }

    /** Its process. */
    public Daemon daemon() {
        return new Daemon("node-agent", state.resolve("run"));
    }

    private void awaitEndpoint() {
        var deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers()) {
            if (!daemon().isRunning() || System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "the node agent did not start; the end of its log:\n" + daemon().logTail());
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private boolean answers() {
        try (var socket = new Socket(
                InetAddress.getLoopbackAddress(), controlPlane.ports().kubelet())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static Path module() {
        return Path.of(System.getProperty("concordance.root", "."), "e2e", "local-cluster", "target")
                .toAbsolutePath();
    }

    private List<String> command(Map<String, Path> images) {
        var module = module();
        if (!Files.isDirectory(module.resolve("lib"))) {
            throw new IllegalStateException(
                    module + " holds no node agent: build it with ./mvnw -pl e2e/local-cluster package");
        }
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx40m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.SimpleFormatter.format=%1$tFT%1$tT.%1$tL %4$s %5$s%6$s%n",
                "-cp",
                module.resolve("classes") + ":" + module.resolve("lib") + "/*",
                NodeAgent.class.getName(),
                "--pki",
                controlPlane.pki().toString(),
                "--state",
                state.toString(),
                "--port",
                String.valueOf(controlPlane.ports().kubelet())));
        new TreeMap<>(images).forEach((name, archive) -> command.addAll(List.of("--image", name + "=" + archive)));
        return command;
    }

    /** What was built again is another one. */
    private static String version(Path built) {
        try (var files = Files.walk(built)) {
            return files.filter(Files::isRegularFile)
                    .map(NodeAgentProcess::modified)
                    .max(Comparator.naturalOrder())
                    .map(FileTime::toString)
                    .orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
