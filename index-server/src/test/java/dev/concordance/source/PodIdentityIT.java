package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.concordance.http.Time;
import dev.concordance.http.VirtualTime;
import dev.concordance.localcluster.servers.ObjectStoreProcess;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.RateLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/** A bucket of a real store, read as the role that a pod has; the cloud that gives it is on loopback. */
class PodIdentityIT {
    private static final String BUCKET = "handbook";
    private static final int DOCUMENTS = 5;
    private static final List<String> SETTINGS = List.of(
            "aws.roleArn",
            "aws.webIdentityTokenFile",
            "aws.endpointUrlSts",
            "aws.containerCredentialsFullUri",
            "aws.containerAuthorizationTokenFile");

    private static ObjectStoreProcess store;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer cloud;
    private Behaviour behaviour = PodIdentityIT::role;

    @TempDir
    private Path folder;

    private interface Behaviour {
        void answer(HttpExchange exchange) throws IOException;
    }

    @BeforeAll
    static void fill(@TempDir Path home) throws IOException {
        store = ObjectStoreProcess.start(home.resolve("store"), 0);
        var secret = Files.createDirectory(home.resolve("secret"));
        Files.writeString(secret.resolve("accessKeyId"), ObjectStoreProcess.KEY_ID);
        Files.writeString(secret.resolve("secretAccessKey"), ObjectStoreProcess.SECRET);
        var unlimited = new Throttle(RateLimit.NONE, Time.REAL);
        try (var owner = S3Clients.open("test", location(false, RateLimit.NONE), secret, unlimited)) {
            owner.createBucket(bucket -> bucket.bucket(BUCKET));
            for (var i = 0; i < DOCUMENTS; i++) {
                var key = "a%d.md".formatted(i);
                owner.putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromString("# Words"));
            }
        }
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @BeforeEach
    void startCloud() throws IOException {
        cloud = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cloud.createContext("/", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
            behaviour.answer(exchange);
            exchange.close();
        });
        cloud.start();
        Files.writeString(folder.resolve("token"), "projected-token");
    }

    @AfterEach
    void forget() {
        cloud.stop(0);
        SETTINGS.forEach(System::clearProperty);
    }

    @Test
    void readsAsTheRoleOfAWebIdentityToken() {
        webIdentity();
        readsAll();
        assertThat(asked).hasSize(1);
        assertThat(asked.getFirst())
                .contains("Action=AssumeRoleWithWebIdentity", "WebIdentityToken=projected-token")
                .contains("RoleArn=arn%3Aaws%3Aiam%3A%3A123%3Arole%2Freader")
                .contains(" null ");
    }

    @Test
    void renewsWhatIsAboutToExpireWithTheTokenThatThereIsThen() {
        webIdentity();
        behaviour = exchange -> {
            var expires = asked.size() == 1 ? Instant.now().plusSeconds(20) : Instant.parse("2099-01-01T00:00:00Z");
            Files.writeString(folder.resolve("token"), "renewed-token");
            role(exchange, expires);
        };
        readsAll();
        assertThat(asked).hasSize(2);
        assertThat(asked.getFirst()).contains("WebIdentityToken=projected-token");
        assertThat(asked.getLast()).contains("WebIdentityToken=renewed-token");
    }

    @Test
    void readsAsTheRoleOfEksPodIdentity() {
        System.setProperty("aws.containerCredentialsFullUri", cloudUrl() + "/v1/credentials");
        System.setProperty(
                "aws.containerAuthorizationTokenFile", folder.resolve("token").toString());
        behaviour =
                exchange -> send(exchange, 200, """
                {"AccessKeyId": "%s", "SecretAccessKey": "%s", "Token": "session", "Expiration": "2099-01-01T00:00:00Z"}""".formatted(ObjectStoreProcess.KEY_ID, ObjectStoreProcess.SECRET));
        readsAll();
        assertThat(asked).containsExactly("/v1/credentials projected-token ");
    }

    @Test
    void saysThatThePodHasNone() {
        fails(FailureReason.SourceUnauthorized, "the pod has no identity: annotate the ServiceAccount");
    }

    @Test
    void saysThatTheRoleIsRefused() {
        webIdentity();
        behaviour = exchange -> send(exchange, 403, """
                <ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>""");
        fails(FailureReason.SourceUnauthorized, "is refused (AccessDenied): let the role trust it");
    }

    @Test
    void waitsForACloudThatIsNotThere() {
        webIdentity();
        cloud.stop(0);
        fails(FailureReason.SourceUnreachable, "can't be had now");
    }

    @Test
    void takesNoIdentityThatIsNotAskedFor() {
        webIdentity();
        var s3 = location(false, RateLimit.NONE);
        try (var source = open(s3, Time.REAL)) {
            assertThatThrownBy(() -> Listed.of(source)).hasMessageContaining("give credentials");
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void asksNoMoreOftenThanIsDeclared() throws IOException {
        webIdentity();
        var time = new VirtualTime();
        try (var source = open(location(true, new RateLimit(60, 1_000)), time)) {
            var listing = Listed.of(source);
            assertThat(listing.entries()).hasSize(DOCUMENTS);
            for (var entry : listing.entries()) {
                assertThat(Listed.text(source, entry)).isEqualTo("# Words");
            }
        }
        assertThat(Duration.ofNanos(time.nanos()))
                .as("a listing and five objects, the first of them at once, and 35 bytes")
                .isBetween(Duration.ofSeconds(5), Duration.ofMillis(5_100));
    }

    private void readsAll() {
        try (var source = open(location(true, RateLimit.NONE), Time.REAL)) {
            var listing = Listed.of(source);
            assertThat(listing.entries()).hasSize(DOCUMENTS);
            assertThat(Listed.text(source, listing.entries().getFirst())).isEqualTo("# Words");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fails(FailureReason reason, String says) {
        try (var source = open(location(true, RateLimit.NONE), Time.REAL)) {
            assertThatThrownBy(() -> Listed.of(source))
                    .isInstanceOfSatisfying(
                            SourceException.class,
                            e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason))
                    .hasMessageContaining(says)
                    .hasMessageNotContaining("projected-token");
        }
    }

    private void webIdentity() {
        System.setProperty("aws.roleArn", "arn:aws:iam::123:role/reader");
        System.setProperty("aws.webIdentityTokenFile", folder.resolve("token").toString());
        System.setProperty("aws.endpointUrlSts", cloudUrl());
    }

    private String cloudUrl() {
        return "http://127.0.0.1:" + cloud.getAddress().getPort();
    }

    private static void role(HttpExchange exchange) throws IOException {
        role(exchange, Instant.parse("2099-01-01T00:00:00Z"));
    }

    private static void role(HttpExchange exchange, Instant expires) throws IOException {
        send(exchange, 200, """
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                 <AssumeRoleWithWebIdentityResult><Credentials>
                  <AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>session</SessionToken>
                  <Expiration>%s</Expiration>
                 </Credentials></AssumeRoleWithWebIdentityResult>
                </AssumeRoleWithWebIdentityResponse>""".formatted(ObjectStoreProcess.KEY_ID, ObjectStoreProcess.SECRET, expires));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private Source open(SourceManifest.S3 s3, Time time) {
        var declared = new SourceManifest("docs", s3, List.of(), List.of(), null, null);
        return new S3Source(declared, s3, null, new Reading(name -> folder, folder, 1_000, path -> false), time);
    }

    private static SourceManifest.S3 location(boolean podIdentity, RateLimit limit) {
        return new SourceManifest.S3(
                BUCKET, "", store.url().toString(), "us-east-1", true, null, podIdentity, null, limit, null);
    }
}
