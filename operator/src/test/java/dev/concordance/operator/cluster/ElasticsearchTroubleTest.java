package dev.concordance.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.SearchCluster;
import dev.concordance.api.v1alpha1.SearchClusterSpec;
import dev.concordance.operator.cluster.ClusterConnection.Trouble;
import dev.concordance.operator.elastic.BackendException;
import dev.concordance.operator.elastic.ConnectionSettings;
import dev.concordance.operator.elastic.ElasticsearchBackend;
import dev.concordance.operator.elastic.StandIn;
import dev.concordance.operator.elastic.StandIn.Answer;
import dev.concordance.operator.kube.Parsed;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way in which Elasticsearch can't be used has its own reason, and a sentence with the remedy. */
final class ElasticsearchTroubleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String ROOT = "{\"cluster_name\":\"prod\",\"version\":{\"number\":\"9.5.3\"}}";

    @Test
    void hasNoTroubleWithAClusterThatAnswers() {
        assertThat(http(healthy(ROOT, "{}"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "401, CredentialsRejected, check spec.credentials.operatorSecretRef",
        "403, PrivilegeMissing, grant what",
        "429, ElasticsearchUnreachable, no answer from",
        "400, Refused, refuses the check",
        "500, ElasticsearchUnreachable, it answers with HTTP status 500",
        "502, ElasticsearchUnreachable, it answers with HTTP status 502",
        "503, ElasticsearchUnreachable, it answers with HTTP status 503"
    })
    void tellsWhatAStatusMeans(int status, ClusterReason reason, String sentence) {
        var body =
                "{\"error\":{\"root_cause\":[{\"reason\":\"unable to authenticate user [operator]\"}]},\"status\":1}";
        assertThat(http(path -> new Answer(status, body))).hasValueSatisfying(trouble -> {
            assertThat(trouble.reason()).isEqualTo(reason);
            assertThat(trouble.message()).contains(sentence);
        });
    }

    @ParameterizedTest
    @CsvSource({"7.17.1", "8.18.9", "6.0.0", "unknown"})
    void refusesVersionsThatAreTooOld(String version) {
        assertThat(http(healthy(ROOT.replace("9.5.3", version), "{}"))).hasValueSatisfying(trouble -> {
            assertThat(trouble.reason()).isEqualTo(ClusterReason.VersionTooOld);
            assertThat(trouble.message()).contains(version).contains("8.19 or newer");
        });
    }

    @ParameterizedTest
    @CsvSource({"8.19.0", "8.20.1", "9.0.0", "10.0.0", "9.1.0-SNAPSHOT"})
    void takesVersionsThatAreNewEnough(String version) {
        assertThat(http(healthy(ROOT.replace("9.5.3", version), "{}"))).isEmpty();
    }

    @Test
    void tellsWhichIndexesAreClosedByTheFloodStageAndStillReads() {
        var closed = "{\"%s\":{\"settings\":{\"index\":{\"blocks\":{\"read_only_allow_delete\":\"true\"}}}}}";
        assertThat(http(healthy(ROOT, closed.formatted("cc-docs.handbook-g1")))).hasValueSatisfying(trouble -> {
            assertThat(trouble.reason()).isEqualTo(ClusterReason.DiskWatermark);
            assertThat(trouble.message()).contains("cc-docs.handbook-g1").contains("disk space");
            assertThat(trouble.readable()).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource({"403", "429"})
    void tellsARefusedWriteFromAMissingPrivilege(int status) {
        var body =
                "{\"error\":{\"root_cause\":[{\"reason\":\"index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded"
                        + " flood-stage watermark, index has read-only-allow-delete block];\"}]}}";
        assertThat(http(path -> new Answer(status, body)))
                .hasValueSatisfying(trouble -> assertThat(trouble.reason()).isEqualTo(ClusterReason.DiskWatermark));
    }

    @Test
    void noticesThatSomethingElseAnswers() {
        assertThat(http(path -> new Answer(200, "<html>It works!</html>")))
                .hasValueSatisfying(trouble -> assertThat(trouble.message()).contains("not Elasticsearch"));
        assertThat(http(path -> new Answer(200, "{}")))
                .hasValueSatisfying(trouble -> assertThat(trouble.message()).contains("not Elasticsearch"));
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        assertThat(check("http://127.0.0.1:" + port, null, null)).hasValueSatisfying(trouble -> {
            assertThat(trouble.reason()).isEqualTo(ClusterReason.ElasticsearchUnreachable);
            assertThat(trouble.message()).contains("127.0.0.1:" + port).containsIgnoringCase("refused");
        });
    }

    @Test
    void saysThatAHostNameHasNoAddress() {
        assertThat(check("http://nowhere.invalid:9200", null, null)).hasValueSatisfying(trouble -> {
            assertThat(trouble.reason()).isEqualTo(ClusterReason.ElasticsearchUnreachable);
            assertThat(trouble.message()).contains("nowhere.invalid");
        });
    }

    @Test
    void givesUpOnAnAnswerThatDoesNotCome() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            assertThat(check("http://127.0.0.1:" + silent.getLocalPort(), null, null))
                    .hasValueSatisfying(
                            trouble -> assertThat(trouble.reason()).isEqualTo(ClusterReason.ElasticsearchUnreachable));
        }
    }

    @Test
    void trustsTheDeclaredAuthorityAndNoOther(@TempDir Path folder) {
        var own = StandIn.certificate(folder, "127.0.0.1");
        var other = StandIn.certificate(folder, "localhost");
        try (var server = StandIn.https(own, healthy(ROOT, "{}"))) {
            assertThat(check(server.url("127.0.0.1"), StandIn.pem(own), null)).isEmpty();
            for (var authority : new @Nullable String[] {StandIn.pem(other), null}) {
                assertThat(check(server.url("127.0.0.1"), authority, null)).hasValueSatisfying(trouble -> {
                    assertThat(trouble.reason()).isEqualTo(ClusterReason.CertificateUntrusted);
                    assertThat(trouble.message()).contains("set spec.certificateAuthority");
                });
            }
        }
    }

    @Test
    void refusesACertificateForAnotherHost(@TempDir Path folder) {
        var store = StandIn.certificate(folder, "elsewhere.example.com");
        try (var server = StandIn.https(store, healthy(ROOT, "{}"))) {
            assertThat(check(server.url("127.0.0.1"), StandIn.pem(store), null))
                    .hasValueSatisfying(
                            trouble -> assertThat(trouble.reason()).isEqualTo(ClusterReason.CertificateUntrusted));
        }
    }

    @Test
    void saysThatAnAuthorityIsNoCertificate() {
        assertThat(check("https://127.0.0.1:1", "no certificate at all", null)).hasValueSatisfying(trouble -> {
            assertThat(trouble.reason()).isEqualTo(ClusterReason.CertificateUntrusted);
            assertThat(trouble.message()).contains("not a PEM certificate");
        });
    }

    @Test
    void sendsCredentialsAndNeverTellsThem() {
        try (var server = StandIn.http(path -> new Answer(401, "{\"error\":\"no\"}"))) {
            var authorization = ConnectionSettings.basic("operator", "s3cret");
            var trouble = check(server.url("127.0.0.1"), null, authorization).orElseThrow();
            assertThat(server.authorizations()).contains(authorization);
            assertThat(trouble.message()).doesNotContain("s3cret").doesNotContain(authorization.substring(6));
            assertThat(new ConnectionSettings(List.of("http://x"), null, authorization, Duration.ofSeconds(1))
                            .toString())
                    .doesNotContain(authorization.substring(6));
        }
    }

    private static Function<String, Answer> healthy(String root, String settings) {
        return path -> path.equals("GET /") ? new Answer(200, root) : new Answer(200, settings);
    }

    private static Optional<Trouble> http(Function<String, Answer> answers) {
        try (var server = StandIn.http(answers)) {
            return check(server.url("127.0.0.1"), null, null);
        }
    }

    /** Does what the observer does, and has the planner say what is wrong. */
    private static Optional<Trouble> check(String url, @Nullable String authority, @Nullable String authorization) {
        var cluster = new SearchCluster();
        cluster.setMetadata(
                new ObjectMetaBuilder().withName("search").withNamespace("docs").build());
        cluster.setSpec(new SearchClusterSpec(List.of(url), null, null, null, null));
        var declaration = ClusterDeclaration.parse(cluster);
        var settings = new ConnectionSettings(List.of(url), authority, authorization, PATIENCE);
        try (var backend = new ElasticsearchBackend(settings)) {
            var facts = backend.facts("cc");
            return ClusterPlanner.trouble(new ClusterObservation(
                    new Parsed.Valid<>(declaration),
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(facts),
                    Optional.empty(),
                    Instant.EPOCH));
        } catch (BackendException failed) {
            return Optional.of(ClusterObserver.trouble(declaration, failed));
        }
    }
}
