package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.localcluster.servers.ParsingEndpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A corpus whose PDFs a service reads, from its manifest to the pages of a hit; its pods have a service account of their own. */
class RemoteParserOnClusterIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String KEY = "a-key-that-nobody-tells";

    private final Cluster cluster = Cluster.shared();
    private final String namespace = cluster.namespace("parser");
    private ParsingEndpoint endpoint;
    private VolumePlace place;

    @TempDir
    private Path folder;

    @BeforeEach
    void serve() throws IOException {
        endpoint = ParsingEndpoint.start();
        place = new VolumePlace(cluster, namespace, folder);
        place.write("birds.pdf", "%PDF-1.7\n# Birds\nSparrows chirp.\n---\n## Coast\nPelicans nest on the cliff.\n");
        place.write("notes.md", "# Notes\n\nTulips bloom in spring.\n");
    }

    @AfterEach
    void stop() {
        cluster.kubectl().run("delete", "corpus", "--all", "-n", namespace, "--timeout=60s");
        endpoint.close();
    }

    @Test
    void waitsForWhatItRefersToSendsWhatIsDeclaredAndRebuildsForAnotherRevision() {
        cluster.apply(corpus("1"));
        cluster.apply(Manifests.queryServer(namespace, "search"));
        awaitMissing("Secret " + namespace + "/docling");
        cluster.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: docling, namespace: %s}
                stringData: {apiKey: %s}
                """.formatted(namespace, KEY));
        awaitMissing("ServiceAccount " + namespace + "/reader");
        cluster.apply("""
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: reader, namespace: %s}
                """.formatted(namespace));
        cluster.awaitReady("corpus", namespace, "archive");
        assertThat(endpoint.asked()).extracting(ParsingEndpoint.Asked::name).containsExactly("birds.pdf");
        assertThat(endpoint.asked().getFirst().headers().getFirst("X-Api-Key")).isEqualTo(KEY);
        assertThat(told()).doesNotContain(KEY);

        cluster.awaitReady("queryserver", namespace, "search");
        var client = new SearchClient(cluster.local().gatewayUrl(), namespace, "archive");
        Cluster.await(
                PATIENCE,
                "the pelicans are found",
                () -> client.search("nesting pelicans").documents().contains("birds.pdf"),
                this::told);
        var hit = client.search("nesting pelicans").body().path("hits").path(0);
        assertThat(hit.path("pages").path("first").asInt()).isEqualTo(2);
        assertThat(hit.path("headings")).extracting(JsonNode::asText).containsExactly("Birds", "Coast");

        cluster.apply(corpus("2"));
        Cluster.await(
                PATIENCE,
                "another revision is built and serves",
                () -> status().path("serving").path("generation").asInt() == 2,
                this::told);
        assertThat(endpoint.asked()).hasSize(2);
    }

    private void awaitMissing(String reference) {
        Cluster.await(
                PATIENCE,
                "it is told that " + reference + " is missing",
                () -> status().path("conditions").toString().contains(reference),
                this::told);
    }

    private JsonNode status() {
        return cluster.get("corpus", namespace, "archive").path("status");
    }

    private String corpus(String revision) {
        return Manifests.corpus(namespace, "archive", place.declaration(), """
                ingestion: {serviceAccountName: reader}
                parser:
                  remote:
                    url: "%s"
                    revision: "%s"
                    credentialsSecretRef: {name: docling}
                """.formatted(endpoint.url(), revision));
    }

    private String told() {
        return cluster.kubectl().run("get", "corpora,ingestionruns", "-n", namespace, "-o", "yaml");
    }
}
