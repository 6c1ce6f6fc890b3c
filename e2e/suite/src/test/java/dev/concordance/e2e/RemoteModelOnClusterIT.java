package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.localcluster.servers.EmbeddingEndpoint;
import dev.concordance.localcluster.servers.GitServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two corpora of a namespace with the same texts and a remote model, from their manifests to their costs. */
class RemoteModelOnClusterIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
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
        cluster.apply(corpus("essays"));
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
        cluster.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: key, namespace: %s}
                stringData: {apiKey: %s}
                """.formatted(namespace, KEY));
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

        cluster.apply(corpus("copies"));
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

    private String corpus(String name) {
        return """
                apiVersion: concordance.dev/v1alpha1
                kind: Corpus
                metadata: {name: %s, namespace: %s, labels: {served: "yes"}}
                spec:
                  sources: [{name: site, git: {url: "%s", ref: main}, include: ["**/*.md"]}]
                  searchClusterRef: {name: search}
                  embeddingModelRef: {name: hosted}
                  index: {replicas: 0}
                """.formatted(name, namespace, git.url());
    }

    private JsonNode cost(String corpus) {
        return cluster.get("corpus", namespace, corpus).path("status").path("cost");
    }

    private String reason(String kind, String name) {
        for (var condition : cluster.get(kind, namespace, name).path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("reason").asText();
            }
        }
        return "";
    }

    private String told() {
        return cluster.kubectl().run("get", "corpora,ingestionruns,embeddingmodels", "-n", namespace, "-o", "yaml");
    }
}
