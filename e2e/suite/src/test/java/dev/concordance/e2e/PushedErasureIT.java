package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.IndexNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** After an Erasure nothing is left of what was pushed, what is pushed again is kept out, and so is what a restored inbox has. */
@Execution(ExecutionMode.CONCURRENT)
final class PushedErasureIT {
    private static final String CORPUS = "handbook";
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String ROE =
            "---\ncustomer: 4711\n---\n# Tenants\n\nJane Roe rents the blue house at the harbour.\n";

    private final Cluster cluster = Cluster.shared();
    private final String namespace = cluster.namespace("pushed-erasure");
    private final String inbox = new IndexNames("cc", namespace, CORPUS).inbox();
    private final Elasticsearch elasticsearch =
            new Elasticsearch(cluster.local().elasticsearchUrl());

    @TempDir
    private Path folder;

    @Test
    void neitherTheInboxNorTheIndexKeepsWhatIsCovered() {
        try (var place = new PushPlace(cluster, namespace, CORPUS, folder)) {
            cluster.apply(Manifests.corpus(namespace, CORPUS, place.declaration(), "freshness: {maxStaleness: 1d}"));
            place.write("roe.md", ROE);
            place.write("house.md", "# Houses\n\nThe house at the harbour is blue.\n");
            place.declared();
            cluster.awaitReady("corpus", namespace, CORPUS);
            await("both are indexed", () -> indexed().equals(List.of("site:house.md", "site:roe.md")));
            snapshot();

            erase();

            assertThat(kept()).containsExactly("house.md");
            assertThat(erasure("{.status.receipt.statement}")).contains("\"index\":\"" + inbox + "\"");
            assertThat(erasure("{.status.pending[*].name}")).contains(namespace + "/before");
            await("the inlet refuses it", () -> place.answer("roe.md", "Jane Roe, without a number.") == 410);
            assertThat(place.answer("late.md", ROE)).as("only its text tells").isEqualTo(201);
            await("a run takes it out", () -> kept().equals(List.of("house.md")));
            assertThat(indexed()).containsExactly("site:house.md");

            restore();
            await("what was restored is erased", () -> kept().equals(List.of("house.md")) && isVerified());
            assertThat(indexed()).containsExactly("site:house.md");

            cluster.kubectl().run("delete", "erasure", "request-7", "-n", namespace, "--timeout=60s");
            await("the inlet takes it again", () -> place.answer("roe.md", ROE) == 201);
            await("it is indexed", () -> indexed().equals(List.of("site:house.md", "site:roe.md")));
            cluster.kubectl().run("delete", "corpus", CORPUS, "-n", namespace, "--timeout=60s");
        }
    }

    private void erase() {
        cluster.apply("""
                apiVersion: concordance.dev/v1alpha1
                kind: Erasure
                metadata: {name: request-7, namespace: %s}
                spec:
                  corpusRef: {name: %s}
                  metadata: [{matchFields: {customer: "4711"}}]
                """.formatted(namespace, CORPUS));
        cluster.awaitReady("erasure", namespace, "request-7");
    }

    private void snapshot() {
        elasticsearch.send(
                "PUT",
                "/_snapshot/" + namespace,
                "{\"type\":\"fs\",\"settings\":{\"location\":\"" + namespace + "\"}}");
        elasticsearch.send(
                "PUT",
                "/_snapshot/" + namespace + "/before?wait_for_completion=true",
                "{\"indices\":\"" + inbox + "\",\"include_global_state\":false}");
    }

    /** A closed index can be restored over, so that nobody makes an empty one in between. */
    private void restore() {
        elasticsearch.send("POST", "/" + inbox + "/_close", "");
        elasticsearch.send("POST", "/_snapshot/" + namespace + "/before/_restore?wait_for_completion=true", "{}");
    }

    /** Ids of documents of which the inbox has more than a mark. */
    private List<String> kept() {
        elasticsearch.send("POST", "/" + inbox + "/_refresh", "");
        return elasticsearch
                .get("/" + inbox + "/_search?size=100")
                .path("hits")
                .path("hits")
                .valueStream()
                .map(hit -> hit.path("_source"))
                .filter(fields -> fields.has("document"))
                .map(fields -> fields.path("id").asText())
                .sorted()
                .toList();
    }

    private List<String> indexed() {
        return cluster.indexed(namespace, CORPUS).documents().keySet().stream()
                .sorted()
                .toList();
    }

    private boolean isVerified() {
        return erasure("{.status.phase}").equals("Verified");
    }

    private String erasure(String path) {
        return cluster.kubectl().run("get", "erasure", "request-7", "-n", namespace, "-o", "jsonpath=" + path);
    }

    private void await(String what, BooleanSupplier condition) {
        Cluster.await(
                LIMIT,
                what,
                condition,
                () -> cluster.kubectl().run("describe", "erasures,corpora,ingestionruns,pods", "-n", namespace));
    }
}
