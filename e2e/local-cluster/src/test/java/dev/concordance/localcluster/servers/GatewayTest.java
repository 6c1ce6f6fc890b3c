package dev.concordance.localcluster.servers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<HttpServer> servers = new ArrayList<>();

    @TempDir
    private Path services;

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
        client.close();
    }

    @Test
    void findsTheServiceThatKnowsTheCorpus() throws Exception {
        service("docs.internal", "handbook");
        service("docs.public", "site");
        service("other.public", "manual");
        try (var gateway = Gateway.start(0, services)) {
            assertThat(search(gateway, "docs", "handbook").body()).isEqualTo("docs.internal asked: words");
            assertThat(search(gateway, "docs", "site").body()).isEqualTo("docs.public asked: words");
            assertThat(search(gateway, "docs", "manual").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void tellsARefusalRatherThanThatOthersKnowNothing() throws Exception {
        service("docs.inlet", "handbook", 401);
        service("docs.search", "site");
        try (var gateway = Gateway.start(0, services)) {
            assertThat(search(gateway, "docs", "handbook").statusCode()).isEqualTo(401);
            assertThat(search(gateway, "docs", "manual").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void saysThatNoQueryServerRuns() throws Exception {
        try (var gateway = Gateway.start(0, services)) {
            assertThat(search(gateway, "docs", "handbook").statusCode()).isEqualTo(503);
        }
    }

    private void service(String name, String corpus) throws IOException {
        service(name, corpus, 200);
    }

    private void service(String name, String corpus, int status) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                var known = exchange.getRequestURI().getPath().contains("/corpora/" + corpus + "/");
                var asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                var answer = (name + " asked: " + asked).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(known ? status : 404, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
        servers.add(server);
        Files.writeString(
                services.resolve(name),
                "http://127.0.0.1:" + server.getAddress().getPort() + "\n");
    }

    private HttpResponse<String> search(Gateway gateway, String namespace, String corpus)
            throws IOException, InterruptedException {
        var path = "/v1/namespaces/%s/corpora/%s/search".formatted(namespace, corpus);
        var request = HttpRequest.newBuilder(gateway.url().resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString("words"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
