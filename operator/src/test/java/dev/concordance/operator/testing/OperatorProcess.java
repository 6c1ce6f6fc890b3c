package dev.concordance.operator.testing;

import dev.concordance.localcluster.FreePorts;
import dev.concordance.localcluster.servers.PackagedProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The operator as it is built, as a process of its own. */
public final class OperatorProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(240);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port;
    private final Path log;

    private OperatorProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /** An operator that is to be started. */
    public static final class Options {
        private final Map<String, String> settings = new HashMap<>();
        private final Map<String, String> environment = new HashMap<>();
        private Path kubeconfig = TestCluster.get().kubeconfig();
        private boolean isMeasured;

        /** Changes a setting. */
        public Options with(String name, String value) {
            settings.put(name, value);
            return this;
        }

        /** Watches these namespaces only. */
        public Options watching(String... namespaces) {
            return with("concordance.watch-namespaces", String.join(",", namespaces));
        }

        /** Connects with this file. */
        public Options connecting(Path file) {
            kubeconfig = file;
            return this;
        }

        /** Runs in this namespace, as far as it can tell. */
        public Options namespace(String own) {
            environment.put("KUBENAMESPACE", own);
            environment.put("KUBERNETES_NAMESPACE", own);
            return this;
        }

        /** Is measured: has the optimising compiler, as in its image. */
        public Options asInItsImage() {
            isMeasured = true;
            return this;
        }

        /** Starts it. */
        public OperatorProcess start() {
            try {
                var port = FreePorts.take(1).getFirst();
                var log = Files.createTempFile(TestCluster.get().folder(), "operator-", ".log");
                var options = new ArrayList<>(List.of(
                        // The chart's limit.
                        "-XX:MaxRAM=" + (512L << 20),
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-Dconcordance.leader-election.namespace=" + TestCluster.SYSTEM));
                settings.forEach((name, value) -> options.add("-D" + name + "=" + value));
                var module = TestCluster.root().resolve("operator");
                var command = isMeasured
                        ? PackagedProgram.asInItsImage(module, options)
                        : PackagedProgram.shortLived(module, options);
                var builder =
                        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
                builder.environment().put("KUBECONFIG", kubeconfig.toString());
                builder.environment().putAll(environment);
                var process = builder.start();
                Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
                return new OperatorProcess(process, port, log);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Starts one that leads, and waits until it does. */
    public static OperatorProcess leading(Options options) {
        var started = options.start();
        Awaitility.await("leads; its log is " + started.log)
                .atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> started.isReady() && started.isLeading());
        return started;
    }

    /** Options with a lease of their own, so that operators of different tests do not wait for each other. */
    public static Options options(String lease) {
        return new Options().with("concordance.leader-election.lease-name", lease);
    }

    /** Whether it has said that it leads. */
    public boolean isLeading() {
        return output().contains("\"leading\"");
    }

    /** Whether it says that it is ready. */
    public boolean isReady() {
        return status("/q/health/ready") == 200;
    }

    /** The status of an answer; 0: none. */
    public int status(String path) {
        try {
            return get(path).statusCode();
        } catch (IOException noAnswer) {
            return 0;
        }
    }

    /** The metrics. */
    public String metrics() {
        try {
            return get("/q/metrics").body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has written to its output. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Resident memory in KiB. */
    public long residentKibibytes() {
        try {
            return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it as a power failure would. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Ends it in order, and tells its exit code. */
    public int stop() {
        process.destroy();
        return awaitEnd();
    }

    /** Waits until it has ended by itself, and tells its exit code. */
    public int awaitEnd() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the operator does not end; its log is " + log);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private HttpResponse<String> get(String path) throws IOException {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
