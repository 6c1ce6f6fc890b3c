package dev.concordance.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.concordance.http.VirtualTime;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.FailureReason;
import dev.concordance.testing.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElasticsearchConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<HttpServer> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void saysWhatIsWrongWithACertificateAndWhatHelps(@TempDir Path keys) throws Exception {
        var authority = TestAuthority.in(keys);
        assertThat(sent(authority, authority.pem())).isNull();
        assertThat(sent(authority, authority.otherPem()))
                .contains("isn't trusted: give its CA in the SearchCluster's certificateAuthority");
        assertThat(sent(authority.expired(), authority.pem()))
                .contains("has expired or isn't valid yet: have it renewed");
        assertThat(sent(authority.misnamed(), authority.pem()))
                .contains("is another host's: declare a name of the host");
    }

    /** What is told of a request over TLS; null: it was answered. */
    private @Nullable String sent(TestAuthority host, String trusted) throws Exception {
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        servers.add(server);
        server.setHttpsConfigurator(new HttpsConfigurator(host.host()));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        var url = "https://127.0.0.1:" + server.getAddress().getPort();
        try (var connection =
                ElasticsearchConnection.open(new ElasticsearchAccess(List.of(url), trusted, null), Path::of, LONG)) {
            connection.send("GET", "/", null);
            return null;
        } catch (ElasticsearchException e) {
            assertThat(e.reason()).isEqualTo(FailureReason.ElasticsearchTlsFailed);
            return e.getMessage();
        }
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

    @Test
    void asksAgainInPatienceUntilElasticsearchHasRoomAndItsShards() throws Exception {
        var time = new VirtualTime();
        var answers = new ArrayDeque<>(List.of(
                told(429, error("es_rejected_execution_exception", "queue is full"), "7"),
                told(429, "", null),
                told(503, error("no_shard_available_action_exception", "no shard"), null),
                told(503, error("cluster_block_exception", "state not recovered"), null),
                told(200, "{\"ok\":true}", null)));
        try (var connection = open(serving(telling(answers))).patient(time)) {
            assertThat(connection
                            .send("POST", "/a/_doc", new byte[0])
                            .json()
                            .path("ok")
                            .asBoolean())
                    .isTrue();
        }
        assertThat(time.pauses())
                .as("what Retry-After says, or later and later")
                .containsExactly(
                        Duration.ofSeconds(7), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void endsItsPatienceAfterFiveMinutesWithAReasonThatPasses() throws Exception {
        var time = new VirtualTime();
        var asked = new AtomicInteger();
        try (var connection = open(answering(429, asked)).patient(time)) {
            assertThatThrownBy(() -> connection.send("GET", "/", null))
                    .isInstanceOfSatisfying(
                            ElasticsearchException.class,
                            e -> assertThat(e.reason()).isEqualTo(FailureReason.ElasticsearchUnreachable))
                    .hasMessageContaining("Elasticsearch has no room for requests")
                    .hasMessageContaining("(429)");
        }
        assertThat(time.now())
                .isBetween(
                        VirtualTime.BEGIN.plus(Duration.ofMinutes(4)), VirtualTime.BEGIN.plus(Duration.ofMinutes(5)));
        assertThat(asked).hasValue(time.pauses().size() + 1);
    }

    @Test
    void waitsNeitherForAFullDiskNorForWhatIsBeforeElasticsearch() throws Exception {
        var time = new VirtualTime();
        var full = "index [a] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has"
                + " read-only-allow-delete block];";
        var answers = new ArrayDeque<>(List.of(
                told(429, error("cluster_block_exception", full), null), told(503, "<html>no backend</html>", null)));
        try (var connection = open(serving(telling(answers))).patient(time)) {
            for (var reason : List.of(FailureReason.DiskWatermark, FailureReason.ElasticsearchUnreachable)) {
                assertThatThrownBy(() -> connection.send("PUT", "/a/_doc/1", new byte[0]))
                        .isInstanceOfSatisfying(
                                ElasticsearchException.class,
                                e -> assertThat(e.reason()).isEqualTo(reason));
            }
        }
        assertThat(time.pauses()).isEmpty();
    }

    @Test
    void asksAgainForWhatOneOfSeveralDocumentsWasRefused() throws Exception {
        var time = new VirtualTime();
        var answers = new ArrayDeque<>(List.of(
                told(
                        200,
                        "{\"docs\":[{\"found\":true},%s]}".formatted(error("es_rejected_execution_exception", "")),
                        null),
                told(200, "{\"items\":[{\"index\":{\"status\":201}},{\"index\":{\"status\":429}}]}", null),
                told(200, "{\"docs\":[%s]}".formatted(error("index_not_found_exception", "gone")), null)));
        try (var connection = open(serving(telling(answers))).patient(time)) {
            var answer = connection.send("POST", "/_mget", new byte[0], Answer::isBusyForSome);
            assertThat(answer.json().findPath("reason").asText()).isEqualTo("gone");
        }
        assertThat(time.pauses()).hasSize(2);
    }

    @Test
    void tellsAtOnceThatElasticsearchIsBusyWhereSomebodyWaitsForTheAnswer() throws Exception {
        var time = new VirtualTime();
        var asked = new AtomicInteger();
        try (var connection = open(answering(429, asked))) {
            assertThat(connection.send("GET", "/", null).status()).isEqualTo(429);
            var patient = connection.patient(time);
            assertThat(patient.send("GET", "/", null, LONG).status()).isEqualTo(429);
            assertThat(patient.sendOnce("GET", "/", null).isBusy()).isTrue();
        }
        assertThat(asked).hasValue(3);
        assertThat(time.pauses()).isEmpty();
    }

    private record Told(int status, String body, @Nullable String retryAfter) {}

    private static Told told(int status, String body, @Nullable String retryAfter) {
        return new Told(status, body, retryAfter);
    }

    private static String error(String type, String reason) {
        return "{\"error\":{\"type\":\"%s\",\"reason\":\"%s\"}}".formatted(type, reason);
    }

    private static com.sun.net.httpserver.HttpHandler telling(ArrayDeque<Told> answers) {
        return exchange -> {
            var next = answers.remove();
            var body = next.body().getBytes(StandardCharsets.UTF_8);
            if (next.retryAfter() != null) {
                exchange.getResponseHeaders().set("Retry-After", next.retryAfter());
            }
            exchange.sendResponseHeaders(next.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        };
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
