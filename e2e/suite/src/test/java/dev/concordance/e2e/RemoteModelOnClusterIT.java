package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.concordance.localcluster.servers.EmbeddingEndpoint;
import dev.concordance.localcluster.servers.GitServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Corpora with a remote model, from their manifests to their costs, and to answers that get too old when the endpoint stands still. */
@Isolated
class RemoteModelOnClusterIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern FORESEEN =
            Pattern.compile("^answers are going to be older than 40s at (\\S+Z), in (?:\\d+|less than 10)s: ");
    private static final String KEY = "a-key-that-nobody-tells";

    private final Cluster cluster = Cluster.shared();
    private final String namespace = cluster.namespace("remote");
    private EmbeddingEndpoint endpoint;
    private DocumentRepository repository;
    private GitServer git;

    @TempDir
    private Path folder;

    @BeforeEach
    void serve() throws IOException {
        endpoint = EmbeddingEndpoint.start();
        repository = DocumentRepository.create(folder.resolve("essays"))
                .write("cats.md", "# Cats\n\nCats sleep all day.\n")
                .write("dogs.md", "# Dogs\n\nDogs fetch a stick.\n");
        repository.commit("Essays");
        git = GitServer.start(0, repository.folder(), "essays", null);
    }

    @AfterEach
    void stop() {
        cluster.kubectl().run("delete", "corpus", "--all", "-n", namespace, "--timeout=60s");
        git.close();
        repository.close();
        endpoint.close();
    }

    @Test
    void asksTheEndpointWithItsKeyPaysOnceAndSearchesByBothLegs() {
        cluster.apply(model(endpoint.openAi()));
        cluster.apply(corpus("essays", ""));
        cluster.apply(Manifests.queryServer(namespace, "search"));
        assertThat(cluster.get("embeddingmodel", namespace, "hosted")
                        .path("status")
                        .path("conditions")
                        .toString())
                .doesNotContain(KEY);
        Cluster.await(
                PATIENCE,
                "the missing Secret is told",
                () -> reason("embeddingmodel", "hosted").equals("SecretMissing"),
                this::told);
        giveKey();
        cluster.awaitReady("embeddingmodel", namespace, "hosted");
        cluster.awaitReady("corpus", namespace, "essays");
        assertThat(endpoint.texts()).hasSize(2);
        assertThat(endpoint.asked())
                .allSatisfy(asked ->
                        assertThat(asked.headers().getFirst("Authorization")).isEqualTo("Bearer " + KEY));
        Cluster.await(
                PATIENCE,
                "the Corpus tells what it has cost",
                () -> cost("essays").path("tokens").asLong() == EmbeddingEndpoint.tokens(endpoint.texts()),
                this::told);
        assertThat(cost("essays").path("currency").asText()).isEqualTo("EUR");
        assertThat(cost("essays").path("budget").asText()).isEqualTo("25");

        cluster.apply(corpus("copies", ""));
        cluster.awaitReady("corpus", namespace, "copies");
        assertThat(endpoint.texts()).as("the same texts are not paid for again").hasSize(2);

        cluster.awaitReady("queryserver", namespace, "search");
        var client = new SearchClient(cluster.local().gatewayUrl(), namespace, "copies");
        Cluster.await(
                PATIENCE,
                "queries are embedded",
                () -> client.search("sleeping cats").body().path("degraded").isEmpty(),
                this::told);
        assertThat(client.search("sleeping cats").documents()).contains("cats.md");
        assertThat(endpoint.texts()).contains("sleeping cats");
    }

    @Test
    void foreseesThatAnEndpointThatStandsStillMakesAnswersTooOldAndRecordsWhenItGoesOn() {
        giveKey();
        cluster.apply(model(endpoint.openAi()));
        cluster.apply(corpus("essays", """
                  freshness: {maxStaleness: 40s, objective: "99", window: 1h}
                  ingestion: {mode: Jobs}
                """));
        cluster.awaitReady("corpus", namespace, "essays");
        var goesOn = new CountDownLatch(1);
        try {
            endpoint.observe(texts -> goesOn.await());
            repository.write("birds.md", "# Birds\n\nBirds sing at dawn.\n").commit("Birds");
            awaitFresh("BreachForecast");
            var foreseen = condition("corpus", "essays", "Fresh");
            var told = FORESEEN.matcher(foreseen.path("message").asText());
            assertThat(told.find()).as(foreseen.toString()).isTrue();
            var deadline = Instant.parse(told.group(1));
            assertThat(Instant.parse(foreseen.path("lastTransitionTime").asText()))
                    .isBefore(deadline);
            awaitFresh("Stale");
            assertThat(condition("corpus", "essays", "Fresh").path("lastTransitionTime"))
                    .as("it was False before anything was too old")
                    .isEqualTo(foreseen.path("lastTransitionTime"));
            Cluster.await(PATIENCE, "a tenth of the budget of 36 s is used up", () -> budget() < 0.9, this::told);
            goesOn.countDown();
            awaitFresh("Fresh");
            var breach = freshness().path("breaches").path(0);
            var until = Instant.parse(breach.path("until").asText());
            assertThat(breach.path("from").asText()).isEqualTo(deadline.toString());
            assertThat(breach.path("staleSeconds").asLong())
                    .isEqualTo(Duration.between(deadline, until).toSeconds());
            assertThat(budget()).isCloseTo(1 - breach.path("staleSeconds").asLong() / 36.0, within(0.01));
            assertThat(endpoint.texts()).anySatisfy(text -> assertThat(text).contains("Birds sing"));
        } finally {
            goesOn.countDown();
        }
    }

    private void awaitFresh(String reason) {
        Cluster.await(
                PATIENCE,
                "Fresh has the reason " + reason,
                () -> condition("corpus", "essays", "Fresh")
                        .path("reason")
                        .asText()
                        .equals(reason),
                this::told);
    }

    private double budget() {
        return Double.parseDouble(freshness().path("errorBudgetRemaining").asText("1"));
    }

    private JsonNode freshness() {
        return cluster.get("corpus", namespace, "essays").path("status").path("freshness");
    }

    private void giveKey() {
        cluster.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: key, namespace: %s}
                stringData: {apiKey: %s}
                """.formatted(namespace, KEY));
    }

    private String model(String url) {
        return """
                apiVersion: concordance.dev/v1alpha1
                kind: EmbeddingModel
                metadata: {name: hosted, namespace: %s}
                spec:
                  remote:
                    protocol: OpenAI
                    url: "%s"
                    model: small-model
                    dimensions: %d
                    tokenizer: {bundled: all-minilm-l6-v2-q}
                    credentialsSecretRef: {name: key}
                    price: {perMillionTokens: "0.02", currency: EUR}
                    budget: {perMonth: "25"}
                """.formatted(namespace, url, EmbeddingEndpoint.DIMENSIONS);
    }

    private String corpus(String name, String more) {
        return """
                apiVersion: concordance.dev/v1alpha1
                kind: Corpus
                metadata: {name: %s, namespace: %s, labels: {served: "yes"}}
                spec:
                  sources: [{name: site, git: {url: "%s", ref: main}, include: ["**/*.md"]}]
                  searchClusterRef: {name: search}
                  embeddingModelRef: {name: hosted}
                  index: {replicas: 0}
                %s""".formatted(name, namespace, git.url(), more);
    }

    private JsonNode cost(String corpus) {
        return cluster.get("corpus", namespace, corpus).path("status").path("cost");
    }

    private String reason(String kind, String name) {
        return condition(kind, name, "Ready").path("reason").asText();
    }

    private JsonNode condition(String kind, String name, String type) {
        for (var condition : cluster.get(kind, namespace, name).path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return MissingNode.getInstance();
    }

    private String told() {
        return cluster.kubectl().run("get", "corpora,ingestionruns,embeddingmodels", "-n", namespace, "-o", "yaml");
    }
}
