package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A corpus whose documents say who may see them, on a real cluster: each caller finds theirs, and what is said anew counts. */
final class AccessOnClusterIT {
    private static final String CORPUS = "handbook";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String ALICE = "alices-token";
    private static final String BOB = "bobs-token";
    private static final String HARBOUR = "---\naccess: user:%s\n---\n# Harbour\n\nThe harbour has a lighthouse.\n";

    private final Cluster cluster = Cluster.shared();
    private final String namespace = cluster.namespace("access");

    @TempDir
    private Path folder;

    @Test
    void showsEachCallerWhatTheyMaySeeAndAnotherOnceThatIsSaid() {
        try (var place = new ConfigMapPlace(cluster, namespace, folder)) {
            place.write("harbour.md", HARBOUR.formatted("alice"));
            place.write("town.md", "---\naccess: user:bob\n---\n# Town\n\nThe town has a lighthouse too.\n");
            place.write("nobody.md", "# Nobody\n\nThe lighthouse that nobody sees.\n");
            serve();
            cluster.apply(Manifests.corpus(namespace, CORPUS, place.declaration(), """
                    freshness: {maxStaleness: 1d}
                    access: {mode: DocumentLevel, syncInterval: 12h, maxStaleness: 48h}
                    """));
            cluster.awaitReady("corpus", namespace, CORPUS);
            cluster.awaitReady("queryserver", namespace, "search");
            awaitFound(ALICE, "harbour.md");
            assertThat(found(BOB)).containsExactly("town.md");
            assertThat(client().search("lighthouse").status())
                    .as("without a token")
                    .isEqualTo(401);

            place.write("harbour.md", HARBOUR.formatted("bob"));
            awaitFound(BOB, "harbour.md", "town.md");
            assertThat(found(ALICE)).isEmpty();
            assertThat(cluster.list("ingestionrun", namespace).stream()
                            .map(run -> run.path("status").path("chunks").path("embedded"))
                            .mapToLong(JsonNode::asLong)
                            .sum())
                    .as("nothing is embedded again for it")
                    .isEqualTo(3);
            cluster.kubectl().run("delete", "corpus", CORPUS, "-n", namespace, "--timeout=60s");
        }
    }

    private void serve() {
        cluster.kubectl()
                .run(
                        "create",
                        "secret",
                        "generic",
                        "tokens",
                        "-n",
                        namespace,
                        "--from-literal=alice=" + ALICE,
                        "--from-literal=bob=" + BOB);
        cluster.apply("""
                apiVersion: concordance.dev/v1alpha1
                kind: QueryServer
                metadata: {name: search, namespace: %s}
                spec:
                  corpora: {matchLabels: {served: "yes"}}
                  authentication:
                    tokens:
                      - {name: alice, secretRef: {name: tokens, key: alice}, principals: ["user:alice"]}
                      - {name: bob, secretRef: {name: tokens, key: bob}, principals: ["user:bob"]}
                """.formatted(namespace));
    }

    private void awaitFound(String token, String... documents) {
        Cluster.await(
                LIMIT,
                "a search with " + token + " finds " + List.of(documents),
                () -> found(token).equals(List.of(documents)),
                () -> found(token) + "\n"
                        + cluster.kubectl().run("describe", "corpora,ingestionruns,pods", "-n", namespace));
    }

    private List<String> found(String token) {
        return client().search("lighthouse", token).documents().stream()
                .sorted()
                .toList();
    }

    private SearchClient client() {
        return new SearchClient(cluster.local().gatewayUrl(), namespace, CORPUS);
    }
}
