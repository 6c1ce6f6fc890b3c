package dev.concordance.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.operator.testing.Declared;
import dev.concordance.operator.testing.FakeWorkers;
import dev.concordance.operator.testing.OperatorProcess;
import dev.concordance.operator.testing.TestCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the operator tells of the tracer, on a real control plane and a real Elasticsearch. */
final class TracerOnClusterIT {
    private static KubernetesClient client;
    private static FakeWorkers workers;
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        client = TestCluster.get().client();
        workers = FakeWorkers.start();
        operator = OperatorProcess.leading(OperatorProcess.options("tracer-on-cluster"));
    }

    @AfterAll
    static void stop() {
        assertThat(operator.stop()).isEqualTo(143);
        workers.close();
    }

    @Test
    void tellsThatSearchesDoNotFindWhatWasWrittenUntilTheyDo() throws Exception {
        var declared = declared("traced");
        declared.corpus("handbook");
        declared.awaitServing("handbook", 1);
        var alias = "cc-" + declared.namespace() + ".handbook";
        Declared.await("the tracer is found").until(() -> found(declared) != null);
        var before = found(declared);
        assertThat(before).isEqualTo(freshness(declared).freshAsOf());
        changeAliases("""
                {"actions":[{"add":{"index":"%s-g1","alias":"%s","filter":{"exists":{"field":"documentId"}}}}]}""".formatted(alias, alias));
        // What is told is right to a second.
        var later = Instant.parse(Objects.requireNonNull(before)).plusSeconds(1);
        Declared.await("another second").until(() -> Instant.now().isAfter(later));
        declared.run("filtered", null);
        var missing = declared.awaitCorpus("handbook", "Fresh", "TracerMissing");
        assertThat(missing.getStatus()).isEqualTo("False");
        assertThat(missing.getMessage())
                .contains("a search of the alias " + alias)
                .contains(": nothing. ")
                .contains("Verify");
        assertThat(found(declared)).isEqualTo(before);
        assertThat(operator.metrics())
                .contains("concordance_corpus_tracer_missing{corpus=\"handbook\",namespace=\"" + declared.namespace()
                        + "\"} 1.0");
        Declared.await("an event tells of it")
                .until(() -> client.v1().events().inNamespace(declared.namespace()).list().getItems().stream()
                        .anyMatch(event -> event.getReason().equals("TracerMissing")
                                && event.getType().equals("Warning")));

        changeAliases("""
                {"actions":[{"add":{"index":"%s-g1","alias":"%s"}}]}""".formatted(alias, alias));
        declared.awaitCorpus("handbook", "Fresh", "Fresh");
        assertThat(found(declared)).isGreaterThan(before);
        assertThat(operator.metrics())
                .contains("concordance_corpus_tracer_missing{corpus=\"handbook\",namespace=\"" + declared.namespace()
                        + "\"} 0.0")
                .contains("concordance_corpus_tracer_age_seconds{corpus=\"handbook\"");
    }

    @Test
    void looksForNoTracerWhereNoneIsDeclared() {
        var declared = declared("untraced");
        declared.untracedCorpus("handbook");
        declared.awaitServing("handbook", 1);
        declared.awaitCorpus("handbook", "Fresh", "Fresh");
        assertThat(workers.done(declared.namespace()))
                .allSatisfy(run -> assertThat(run.traced()).isFalse());
        assertThat(found(declared)).isNull();
    }

    private static @Nullable String found(Declared declared) {
        var tracer = freshness(declared).tracer();
        return tracer == null ? null : tracer.foundAsOf();
    }

    private static CorpusStatus.Freshness freshness(Declared declared) {
        return Objects.requireNonNull(declared.corpusNow("handbook").getStatus().freshness());
    }

    private static Declared declared(String purpose) {
        var declared = new Declared(TestCluster.get().namespace(purpose));
        declared.cluster(TestCluster.get().elasticsearch().url());
        declared.policy(128);
        return declared;
    }

    private static void changeAliases(String body) throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create(TestCluster.get().elasticsearch().url() + "/_aliases"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
