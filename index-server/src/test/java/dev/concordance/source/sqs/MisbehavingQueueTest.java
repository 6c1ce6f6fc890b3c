package dev.concordance.source.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.concordance.manifest.BucketQueue;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.SourceException;
import dev.concordance.testing.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Queues that refuse, hang, lead elsewhere or answer nonsense. */
@Timeout(120)
class MisbehavingQueueTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String NO_MESSAGES = "{\"Messages\":[]}";
    private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private HttpServer server;
    private Behaviour behaviour = exchange -> answer(exchange, 200, NO_MESSAGES);

    @TempDir
    private Path folder;

    private interface Behaviour {
        void answer(HttpExchange exchange) throws IOException;
    }

    private record Request(
            @Nullable String target, @Nullable String authorization, String body) {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            note(exchange);
            behaviour.answer(exchange);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void asksAtOnceFirstAndThenWaitsNoLongerThanAQueueLets() throws IOException {
        try (var watch = watch(address(), null, key())) {
            watch.await(Duration.ofHours(1));
            watch.await(Duration.ofHours(1));
            watch.await(Duration.ofSeconds(3));
        }
        assertThat(requests)
                .extracting(request -> new JsonMapper()
                        .readTree(request.body())
                        .path("WaitTimeSeconds")
                        .asInt())
                .containsExactly(0, 20, 3);
        assertThat(requests).allSatisfy(request -> {
            assertThat(request.target()).isEqualTo("AmazonSQS.ReceiveMessage");
            assertThat(request.authorization()).matches(".*Credential=reader/[0-9]+/eu-west-1/sqs/aws4_request.*");
            assertThat(request.body()).contains("\"MaxNumberOfMessages\":10");
        });
    }

    @Test
    void signsNothingWithoutCredentials() {
        try (var watch = watch(address(), null, null)) {
            assertThat(watch.await(LONG)).isFalse();
        }
        assertThat(requests).extracting(Request::authorization).containsOnlyNulls();
    }

    @Test
    void deletesMessagesWhateverTheySay() throws IOException {
        behaviour = exchange -> answer(exchange, 200, isDeletion(exchange) ? "{}" : """
                {"Messages": [{"MessageId": "m", "ReceiptHandle": "r1", "Body": "no event"},
                 {"MessageId": "m", "ReceiptHandle": "r2"}]}""");
        try (var watch = watch(address(), null, null)) {
            assertThat(watch.await(LONG)).isFalse();
        }
        var deletion =
                new JsonMapper().readTree(requests.stream().toList().getLast().body());
        assertThat(deletion.path("Entries"))
                .extracting(entry -> entry.path("ReceiptHandle").asText())
                .containsExactly("r1", "r2");
        assertThat(deletion.path("Entries"))
                .extracting(entry -> entry.path("Id").asText())
                .doesNotHaveDuplicates();
    }

    @Test
    void saysThatMessagesMayNotBeReadOrDeleted() throws IOException {
        behaviour = MisbehavingQueueTest::refuse;
        fails(
                null,
                FailureReason.SourceUnauthorized,
                "(AccessDeniedException): allow a key, to be given in s3.credentialsSecretRef, sqs:ReceiveMessage and sqs:DeleteMessage");
        var message = "{\"Messages\": [{\"MessageId\": \"m\", \"ReceiptHandle\": \"r\", \"Body\": \"x\"}]}";
        behaviour = exchange -> {
            if (isDeletion(exchange)) {
                refuse(exchange);
            } else {
                answer(exchange, 200, message);
            }
        };
        fails(
                key(),
                FailureReason.SourceUnauthorized,
                "allow the key of s3.credentialsSecretRef sqs:ReceiveMessage and sqs:DeleteMessage");
    }

    @Test
    void saysThatAKeyIsMissing() throws IOException {
        fails(
                Files.createDirectory(folder.resolve("empty")),
                FailureReason.SourceUnauthorized,
                "needs the keys accessKeyId and secretAccessKey");
        assertThat(requests).isEmpty();
    }

    @Test
    void saysThatThereIsNoQueue() {
        behaviour = exchange ->
                answer(exchange, 400, "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"gone\"}");
        fails(null, FailureReason.SourceInvalid, "there is no queue " + address() + "/1/events in region eu-west-1");
    }

    @Test
    void saysWhatIsAnsweredOtherwise() {
        behaviour = exchange -> answer(exchange, 503, "<html>busy</html>");
        fails(null, FailureReason.SourceUnreachable, "answered 503");
        behaviour = exchange -> answer(exchange, 200, "<html>It works!</html>");
        fails(null, FailureReason.SourceUnreachable, "can't be read");
        behaviour = exchange -> answer(exchange, 200, "{\"Messages\": [{\"Body\": \"cut");
        fails(null, FailureReason.SourceUnreachable, "can't be read");
    }

    @Test
    void asksAgainAfterAFailure() {
        try (var watch = watch(address(), null, null)) {
            behaviour = MisbehavingQueueTest::refuse;
            assertThatThrownBy(() -> watch.await(LONG)).isInstanceOf(SourceException.class);
            behaviour = exchange -> answer(exchange, 200, NO_MESSAGES);
            assertThat(watch.await(LONG)).isFalse();
        }
    }

    @Test
    void followsNoRedirect() {
        behaviour = exchange -> {
            exchange.getResponseHeaders().add("Location", address() + "/latest/meta-data/");
            answer(exchange, 307, "");
        };
        fails(null, FailureReason.SourceUnreachable, "answered 307");
        assertThat(requests).extracting(Request::target).containsOnly("AmazonSQS.ReceiveMessage");
    }

    @Test
    void endsAsSoonAsNobodyWaitsAnyMore() throws InterruptedException {
        var waits = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        behaviour = exchange -> {
            try {
                waits.countDown();
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        var ended = new LinkedBlockingQueue<Boolean>();
        try (var watch = watch(address(), null, null)) {
            var waiting = Thread.ofVirtual().start(() -> {
                watch.await(LONG);
                ended.add(Thread.currentThread().isInterrupted());
            });
            waits.await();
            waiting.interrupt();
            assertThat(waiting.join(Duration.ofSeconds(10))).isTrue();
            assertThat(ended).containsExactly(true);
        } finally {
            goOn.countDown();
        }
    }

    @Test
    void trustsOnlyADeclaredAuthority(@TempDir Path keys) throws Exception {
        var authority = TestAuthority.in(keys);
        var https = secured(authority);
        var address = "https://127.0.0.1:" + https.getAddress().getPort();
        try (var trusting = watch(address, authority.pem(), null);
                var doubting = watch(address, authority.otherPem(), null)) {
            assertThat(trusting.await(LONG)).isFalse();
            assertThatThrownBy(() -> doubting.await(LONG))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("isn't trusted: give its CA in s3.caConfigMapRef");
        } finally {
            https.stop(0);
        }
        refuses(authority, authority.expired(), "has expired or isn't valid yet: have it renewed");
        refuses(authority, authority.misnamed(), "is another host's: declare a name of the host");
    }

    private void refuses(TestAuthority trusted, TestAuthority host, String says) throws Exception {
        var https = secured(host);
        try (var watch = watch("https://127.0.0.1:" + https.getAddress().getPort(), trusted.pem(), null)) {
            assertThatThrownBy(() -> watch.await(LONG))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining(says);
        } finally {
            https.stop(0);
        }
    }

    private HttpsServer secured(TestAuthority host) throws Exception {
        var https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(host.host()));
        https.createContext("/", exchange -> {
            answer(exchange, 200, NO_MESSAGES);
            exchange.close();
        });
        https.start();
        return https;
    }

    private void fails(@Nullable Path credentials, FailureReason reason, String says) {
        try (var watch = watch(address(), null, credentials)) {
            assertThatThrownBy(() -> watch.await(LONG))
                    .isInstanceOfSatisfying(
                            SourceException.class,
                            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason))
                    .hasMessageContaining(says);
        }
    }

    private QueueWatch watch(String address, @Nullable String authorities, @Nullable Path credentials) {
        var queue = new BucketQueue(address + "/1/events", "eu-west-1");
        var s3 = new SourceManifest.S3(
                "handbook",
                "",
                null,
                "us-east-1",
                false,
                credentials == null ? null : "s3",
                false,
                authorities,
                SourceManifest.RateLimit.NONE,
                queue);
        return new QueueWatch(new SourceManifest("docs", s3, List.of(), List.of(), null, null), s3, queue, credentials);
    }

    private Path key() throws IOException {
        var secret = Files.createDirectories(folder.resolve("secret"));
        Files.writeString(secret.resolve("accessKeyId"), "reader");
        Files.writeString(secret.resolve("secretAccessKey"), "some secret");
        return secret;
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void note(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(new Request(headers.getFirst("X-Amz-Target"), headers.getFirst("Authorization"), body));
    }

    private static boolean isDeletion(HttpExchange exchange) {
        return "AmazonSQS.DeleteMessageBatch"
                .equals(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
    }

    private static void refuse(HttpExchange exchange) throws IOException {
        answer(exchange, 403, "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\",\"message\":\"no\"}");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
