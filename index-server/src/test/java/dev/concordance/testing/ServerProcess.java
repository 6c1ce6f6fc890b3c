package dev.concordance.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.localcluster.FreePorts;
import dev.concordance.localcluster.servers.PackagedProgram;
import dev.concordance.manifest.InletTable;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The packaged query server as a process of its own. */
public final class ServerProcess implements AutoCloseable {
    /** Shorter than the server's own, so that a test that waits for it tells whether it counts. */
    public static final Duration DRAIN = Duration.ofSeconds(5);

    private static final Duration START_LIMIT = Duration.ofSeconds(180);
    private static final String LINKED = "..data";
    private static final List<String> SERVES = List.of("serve", "--routing");

    private final Process process;
    private final URI url;
    private final Path folder;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Duration readyAfter = Duration.ZERO;

    /** What the server answered; status 0: nothing. */
    public record Answer(int status, JsonNode body, HttpHeaders headers) {
        public String type() {
            return headers.firstValue("Content-Type").orElse("");
        }
    }

    private ServerProcess(Process process, URI url, Path folder) {
        this.process = process;
        this.url = url;
        this.folder = folder;
    }

    public static ServerProcess start(Path folder, RoutingTable table, List<String> mounts) throws Exception {
        return start(false, folder, ManifestJson.mapper().writeValueAsBytes(table), SERVES, mounts);
    }

    /** Starts it to be measured: with the optimising compiler, as in its image. */
    public static ServerProcess startAsInItsImage(Path folder, RoutingTable table, List<String> mounts)
            throws Exception {
        return start(true, folder, ManifestJson.mapper().writeValueAsBytes(table), SERVES, mounts);
    }

    /** Starts the same program as an inlet. */
    public static ServerProcess startInlet(Path folder, InletTable table, List<String> mounts) throws Exception {
        return start(
                false, folder, ManifestJson.mapper().writeValueAsBytes(table), List.of("inlet", "--table"), mounts);
    }

    private static ServerProcess start(
            boolean measured, Path folder, byte[] table, List<String> verb, List<String> mounts) throws Exception {
        Files.createDirectories(folder.resolve("routing"));
        mount(folder.resolve("routing"), table);
        var port = FreePorts.take(1).getFirst();
        var module = Path.of(System.getProperty("concordance.root"), "index-server");
        var options =
                List.of("-XX:+ExitOnOutOfMemoryError", "-Dquarkus.http.host=127.0.0.1", "-Dquarkus.http.port=" + port);
        var command =
                measured ? PackagedProgram.asInItsImage(module, options) : PackagedProgram.shortLived(module, options);
        command.addAll(verb);
        command.addAll(List.of(
                folder.resolve("routing/routing.json").toString(),
                "--workspace",
                folder.toString(),
                "--drain",
                String.valueOf(DRAIN.toSeconds())));
        mounts.forEach(mount -> command.addAll(List.of("--mount", mount)));
        var begin = Instant.now();
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        var server = new ServerProcess(process, URI.create("http://127.0.0.1:" + port), folder);
        server.await(() -> server.get("/q/health/ready").status() == 200);
        server.readyAfter = Duration.between(begin, Instant.now());
        return server;
    }

    public long pid() {
        return process.pid();
    }

    public Duration readyAfter() {
        return readyAfter;
    }

    public URI url() {
        return url;
    }

    public void route(RoutingTable table) throws IOException {
        routeBytes(ManifestJson.mapper().writeValueAsBytes(table));
    }

    public void routeBytes(byte[] table) throws IOException {
        mount(folder.resolve("routing"), table);
    }

    public Answer search(String corpus, String body) {
        return search("docs", corpus, body, null);
    }

    public Answer search(String namespace, String corpus, String body, @Nullable String token) {
        var request = post(namespace, corpus, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request.build());
    }

    public CompletableFuture<Answer> searchLater(String corpus, String body) {
        var request = post("docs", corpus, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray()).thenApply(ServerProcess::answer);
    }

    public HttpRequest.Builder post(String namespace, String corpus, HttpRequest.BodyPublisher body) {
        return HttpRequest.newBuilder(url.resolve("/v1/namespaces/" + namespace + "/corpora/" + corpus + "/search"))
                .POST(body);
    }

    public Answer get(String path) {
        return send(HttpRequest.newBuilder(url.resolve(path)).build());
    }

    public String text(String path) {
        try {
            return http.send(HttpRequest.newBuilder(url.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The value of a metric; 0 if there is none of this name and labels. */
    public double metric(String nameAndLabels) {
        return text("/q/metrics")
                .lines()
                .filter(line -> line.startsWith(nameAndLabels))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    public String log() throws IOException {
        return Files.readString(folder.resolve("server.log"));
    }

    /** Waits until something holds. */
    public void await(BooleanSupplier condition) throws IOException {
        var end = Instant.now().plus(START_LIMIT);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end) || !process.isAlive()) {
                throw new IllegalStateException("not reached; the log: " + log());
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** As Kubernetes asks a pod to end. */
    public void terminate() {
        process.destroy();
    }

    /** Completes when it has ended. */
    public CompletableFuture<Process> ended() {
        return process.onExit();
    }

    /** Without a chance to end in order. */
    public void kill() {
        process.destroyForcibly();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
        http.close();
    }

    /** Status 0: nobody answers, or not within the request's time. */
    public Answer send(HttpRequest request) {
        try {
            return answer(exchange(request));
        } catch (ConnectException | HttpTimeoutException e) {
            return new Answer(
                    0, ManifestJson.mapper().createObjectNode(), HttpHeaders.of(java.util.Map.of(), (n, v) -> true));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A kept connection may have been closed by the server meanwhile, which shows only when it is used. */
    private HttpResponse<byte[]> exchange(HttpRequest request) throws IOException, InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException | HttpTimeoutException e) {
            throw e;
        } catch (IOException closed) {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        try {
            var json = response.headers().firstValue("Content-Type").orElse("").contains("json");
            return new Answer(
                    response.statusCode(),
                    json
                            ? ManifestJson.mapper().readTree(response.body())
                            : ManifestJson.mapper().createObjectNode(),
                    response.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the kubelet updates a mounted ConfigMap: a new folder, and a link that is moved to it. */
    private static void mount(Path folder, byte[] table) throws IOException {
        var version = Files.createTempDirectory(folder, "..version");
        Files.write(version.resolve("routing.json"), table);
        var next = folder.resolve("..data_tmp");
        Files.createSymbolicLink(next, version.getFileName());
        Files.move(next, folder.resolve(LINKED), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        var file = folder.resolve("routing.json");
        if (!Files.exists(file)) {
            Files.createSymbolicLink(file, Path.of(LINKED, "routing.json"));
        }
    }
}
