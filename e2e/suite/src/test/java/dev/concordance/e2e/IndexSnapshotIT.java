package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.localcluster.servers.ElasticsearchProcess;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationMapping;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexSnapshotIT {
    private static final GenerationManifest MANIFEST = new GenerationManifest(
            1,
            GenerationManifest.PIPELINE,
            new Chunking.ByTokens(256, 0, ""),
            BundledModel.named("bge-small-en-v1.5-q").orElseThrow().manifest(),
            1,
            List.of());

    @Test
    void showsDocumentsWithTheirChunksInOrderAndNamesOrphans(@TempDir Path home)
            throws IOException, InterruptedException {
        try (var node = ElasticsearchProcess.start(ElasticsearchProcess.Options.forTest(home))) {
            put(node.url(), "/i-g1", GenerationMapping.chunks(MANIFEST, 0).toString());
            put(
                    node.url(),
                    "/i-g1-manifest",
                    GenerationMapping.manifest(MANIFEST, 0).toString());
            put(node.url(), "/i-g1/_doc/a.1.1", chunk("a", 1, "second"));
            put(node.url(), "/i-g1/_doc/a.1.0", chunk("a", 0, "first"));
            put(node.url(), "/i-g1/_doc/b.1.0", chunk("b", 0, "left behind"));
            put(
                    node.url(),
                    "/i-g1-manifest/_doc/a",
                    "{\"source\":\"site\",\"documentId\":\"a\",\"contentHash\":\"h\",\"state\":\"Indexed\",\"chunks\":2}");

            var snapshot = IndexSnapshot.of(node.url(), "i-g1");

            assertThat(snapshot.documents())
                    .containsOnlyKeys("site:a", "orphan site:b")
                    .containsEntry("site:a", new IndexSnapshot.Document("h", List.of("first", "second")));
            assertThat(snapshot.chunks()).isEqualTo(3);
        }
    }

    private static String chunk(String document, int ordinal, String text) {
        return "{\"source\":\"site\",\"documentKey\":\"%1$s\",\"documentId\":\"%1$s\",\"version\":1,\"ordinal\":%2$d,\"text\":\"%3$s\"}"
                .formatted(document, ordinal, text);
    }

    private static void put(URI url, String path, String body) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(url.resolve(path))
                    .header("Content-Type", "application/json")
                    .PUT(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            var response = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        }
    }
}
