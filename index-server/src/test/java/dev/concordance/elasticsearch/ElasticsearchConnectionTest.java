package dev.concordance.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.FailureReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ElasticsearchConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<HttpServer> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void goesToTheNodesInTurns() throws Exception {
        var first = new AtomicInteger();
        var second = new AtomicInteger();
        try (var connection = open(answering(200, first), answering(200, second))) {
            for (var i = 0; i < 4; i++) {
                assertThat(connection.send("GET", "/", null).json().path("ok").asBoolean())
                        .isTrue();
            }
        }

        assertThat(first).hasValue(2);
        assertThat(second).hasValue(2);
    }

    @Test
    void passesOverOneThatCannotBeReachedOrServe() throws Exception {
        var unable = new AtomicInteger();
        var able = new AtomicInteger();
        try (var connection = open(nowhere(), answering(503, unable), answering(200, able))) {
            for (var i = 0; i < 6; i++) {
                assertThat(connection.send("GET", "/", null).status()).isEqualTo(200);
            }
        }

        assertThat(able).hasValue(6);
        assertThat(unable).hasValue(1);
    }

    @Test
    void saysWhatTheLastOneSaidIfNoneCanServe() throws Exception {
        try (var connection = open(nowhere(), answering(503, new AtomicInteger()))) {
            assertThatThrownBy(() -> connection.send("GET", "/", null))
                    .isInstanceOfSatisfying(
                            ElasticsearchException.class,
                            e -> assertThat(e.reason()).isEqualTo(FailureReason.ElasticsearchUnreachable))
                    .hasMessageContaining("(503)");
        }
    }

    @Test
    void asksNoOtherNodeWhatOneHasRefused() throws Exception {
        var refusing = new AtomicInteger();
        try (var connection = open(answering(400, refusing), answering(400, refusing))) {
            assertThat(connection.send("GET", "/", null).status()).isEqualTo(400);
        }

        assertThat(refusing).hasValue(1);
    }

    @Test
    void cutsOffAnAnswerThatDripsBeyondTheDeadline() throws Exception {
        var cut = new CountDownLatch(1);
        try (var connection = open(serving(exchange -> drip(exchange, cut)))) {
            assertThatThrownBy(() -> connection.send("GET", "/", null, Duration.ofMillis(300)))
                    .isInstanceOf(ElasticsearchException.class)
                    .hasMessageContaining("can't be reached");
            assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void drip(HttpExchange exchange, CountDownLatch cut) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (var body = exchange.getResponseBody()) {
            while (true) {
                body.write(' ');
                body.flush();
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (IOException closed) {
            cut.countDown();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private String answering(int status, AtomicInteger asked) throws IOException {
        return serving(exchange -> {
            asked.incrementAndGet();
            var body = "{\"ok\":true}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private String serving(com.sun.net.httpserver.HttpHandler handler) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", handler);
        server.start();
        servers.add(server);
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static String nowhere() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }

    private static ElasticsearchConnection open(String... urls) {
        return ElasticsearchConnection.open(
                new ElasticsearchAccess(Stream.of(urls).toList(), null, null), Path::of, LONG);
    }
}
