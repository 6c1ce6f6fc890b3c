package dev.concordance.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The packaged query server as a process of its own. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final URI url;
    private final Path routing;
    private final HttpClient http = HttpClient.newHttpClient();
    private Duration readyAfter = Duration.ZERO;

    record Answer(int status, JsonNode body) {}

    private ServerProcess(Process process, URI url, Path routing) {
        this.process = process;
        this.url = url;
        this.routing = routing;
    }

    static ServerProcess start(Path folder, RoutingTable table, List<String> mounts) throws Exception {
        var routing = folder.resolve("routing.json");
        write(routing, table);
        var port = freePort();
        var command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-jar",
                System.getProperty("concordance.root") + "/index-server/target/quarkus-app/quarkus-run.jar",
                "serve",
                "--routing",
                routing.toString(),
                "--workspace",
                folder.toString()));
        mounts.forEach(mount -> command.addAll(List.of("--mount", mount)));
        var begin = Instant.now();
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        var server = new ServerProcess(process, URI.create("http://127.0.0.1:" + port), routing);
        server.await(() -> server.get("/q/health/ready").status() == 200, folder.resolve("server.log"));
        server.readyAfter = Duration.between(begin, Instant.now());
        return server;
    }

    Duration readyAfter() {
        return readyAfter;
    }

    long pid() {
        return process.pid();
    }

    void route(RoutingTable table) throws IOException {
        write(routing, table);
    }

    Answer search(String namespace, String corpus, String body, @Nullable String token) {
        var request = HttpRequest.newBuilder(
                        url.resolve("/v1/namespaces/" + namespace + "/corpora/" + corpus + "/search"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request.build());
    }

    Answer get(String path) {
        return send(HttpRequest.newBuilder(url.resolve(path)).build());
    }

    String text(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(url.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Waits until something holds. */
    void await(java.util.function.BooleanSupplier condition, Path log) throws Exception {
        var end = Instant.now().plus(START_LIMIT);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end) || !process.isAlive()) {
                throw new IllegalStateException("not reached; the log: " + Files.readString(log));
            }
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
        http.close();
    }

    private Answer send(HttpRequest request) {
        try {
            var response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            var json = response.headers().firstValue("Content-Type").orElse("").contains("json");
            return new Answer(
                    response.statusCode(),
                    json
                            ? ManifestJson.mapper().readTree(response.body())
                            : ManifestJson.mapper().createObjectNode());
        } catch (ConnectException e) {
            return new Answer(0, ManifestJson.mapper().createObjectNode());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, RoutingTable table) throws IOException {
        var next = file.resolveSibling("routing.next");
        Files.write(next, ManifestJson.mapper().writeValueAsBytes(table));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
