package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that trusts neither change keys nor the index finds what differs, repairs that alone, and says so. */
class VerifyIT {
    private static final Embedder MODEL = SmallModel.get();

    @TempDir
    private Path folder;

    private Corpora corpus;
    private IndexSnapshot before;
    private int runs;

    @BeforeEach
    void indexThreeDocuments() throws IOException {
        corpus = Corpora.in(folder, SharedNode.url(), MODEL, null);
        corpus.create(Corpora.manifest(1));
        corpus.write("a.md", "# Anchors\n\nThe anchor holds the ship.\n\n## Chains\n\nA chain has links.\n");
        corpus.write("b.md", "---\nyear: 1999\ntags: [x, y]\n---\n# Boats\n\nThe boat floats.\n");
        corpus.write("c.md", "# Canvas\n\nThe sail is of canvas.\n");
        run();
        before = snapshot();
    }

    @Test
    void writesNothingWhereAllIsAsItWasWritten() {
        var changedAt = state().path("changedAt");

        var counts = verify();

        assertThat(counts.unchanged()).isEqualTo(3);
        assertThat(counts.updated() + counts.added() + counts.embedded() + counts.chunksWritten())
                .isZero();
        assertThat(drift()).isEqualTo("0 damaged, 0 overlooked, 0 orphaned, []");
        assertThat(state().path("changedAt")).isEqualTo(changedAt);
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void tellsNothingOfDriftWhereItWasNotAskedTo() {
        run();
        assertThat(report().path("drift").isMissingNode()
                        || report().path("drift").isNull())
                .isTrue();
    }

    @Test
    void repairsAChunkWhoseTextSomebodyHasChanged() {
        var chunk = chunkOf("b.md");
        // More often than there were runs, so that Elasticsearch's versions are ahead of the epochs of writers.
        for (var time = 0; time < 5; time++) {
            update(chunk, "{\"doc\": {\"text\": \"The boat sinks " + time + ".\"}}");
        }

        var counts = verify();

        assertThat(counts.updated()).isEqualTo(1);
        assertThat(counts.unchanged()).isEqualTo(2);
        assertThat(drift()).isEqualTo("1 damaged, 0 overlooked, 0 orphaned, [files:b.md]");
        assertThat(snapshot()).isEqualTo(before);
        assertThat(verify().unchanged()).isEqualTo(3);
        assertThat(drift()).isEqualTo("0 damaged, 0 overlooked, 0 orphaned, []");
    }

    @Test
    void repairsAChunkWhoseMetadataSomebodyHasChanged() {
        update(chunkOf("b.md"), "{\"doc\": {\"metadata\": {\"year\": 2024}}}");

        verify();

        assertThat(drift()).isEqualTo("1 damaged, 0 overlooked, 0 orphaned, [files:b.md]");
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void givesAChunkItsVectorBackThatWasWrittenAsASearchShowsIt() {
        var chunk = chunkOf("b.md");
        assertThat(chunk.path("_source").has("vector")).isFalse();
        send("PUT", "/_doc/" + id(chunk) + routing(chunk), chunk.path("_source").toString());
        assertThat(snapshot()).isNotEqualTo(before);

        var counts = verify();

        assertThat(counts.updated()).isEqualTo(1);
        assertThat(counts.embedded()).as("nobody else has it").isEqualTo(1);
        assertThat(drift()).isEqualTo("1 damaged, 0 overlooked, 0 orphaned, [files:b.md]");
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void bringsAChunkBackThatWasDeleted() {
        send("DELETE", "/_doc/" + id(chunkOf("a.md")) + routing(chunkOf("a.md")), null);

        var counts = verify();

        assertThat(counts.updated()).isEqualTo(1);
        assertThat(drift()).isEqualTo("1 damaged, 0 overlooked, 0 orphaned, [files:a.md]");
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void removesAChunkThatNoDocumentHas() {
        var chunk = chunkOf("c.md");
        var copy = chunk.path("_source").toString().replace("c.md", "ghost.md");
        send("PUT", "/_doc/ghost" + routing(chunk), copy);
        var twin = chunk.path("_source").toString().replace("\"ordinal\":0", "\"ordinal\":7");
        send("PUT", "/_doc/twin" + routing(chunk), twin);

        verify();

        assertThat(drift()).isEqualTo("0 damaged, 0 overlooked, 2 orphaned, []");
        assertThat(snapshot()).isEqualTo(before);
    }

    @Test
    void findsAContentOfWhoseChangeItsSourceDidNotTell() throws IOException {
        var file = folder.resolve("data/c.md");
        var time = Files.getLastModifiedTime(file);
        corpus.write("c.md", "# Canvas\n\nThe sail is of cotton.\n");
        Files.setLastModifiedTime(file, time);
        assertThat(run().unchanged()).as("nothing tells of it").isEqualTo(3);

        var counts = verify();

        assertThat(counts.updated()).isEqualTo(1);
        assertThat(counts.embedded()).isEqualTo(1);
        assertThat(drift()).isEqualTo("0 damaged, 1 overlooked, 0 orphaned, [files:c.md]");
    }

    @Test
    void takesAChangeThatTheSourceTellsOfForNoDrift() throws IOException {
        corpus.write("c.md", "# Canvas\n\nThe sail is of canvas and of hemp.\n");

        assertThat(verify().updated()).isEqualTo(1);
        assertThat(drift()).isEqualTo("0 damaged, 0 overlooked, 0 orphaned, []");
    }

    @Test
    void knowsADocumentAgainOfWhichTheManifestHasLostTheRecord() {
        var record = hits(corpus.names().manifest(1), "b.md").getFirst();
        send("DELETE", corpus.names().manifest(1), "/_doc/" + id(record), null);

        var counts = verify();

        assertThat(counts.added()).isEqualTo(1);
        assertThat(counts.embedded()).as("its vector is still there").isZero();
        assertThat(drift()).isEqualTo("0 damaged, 0 overlooked, 1 orphaned, []");
        assertThat(snapshot()).isEqualTo(before);
    }

    private Counts run() {
        return corpus.run("r" + ++runs, Corpora.manifest(1), List.of());
    }

    private Counts verify() {
        var given = corpus.specification("r" + ++runs, Corpora.manifest(1), List.of(), List.of(corpus.source()));
        return corpus.run(Corpora.verifying(given));
    }

    private JsonNode report() {
        return corpus.ledger(RunReport.id("r" + runs));
    }

    private String drift() {
        var drift = report().path("drift");
        return "%d damaged, %d overlooked, %d orphaned, %s"
                .formatted(
                        drift.path("damaged").asLong(),
                        drift.path("overlooked").asLong(),
                        drift.path("orphaned").asLong(),
                        drift.path("sample").toString().replace("\"", ""));
    }

    private JsonNode state() {
        return corpus.ledger(GenerationState.id(1));
    }

    private IndexSnapshot snapshot() {
        return IndexSnapshot.ofEverything(SharedNode.url(), corpus.names().generation(1));
    }

    private JsonNode chunkOf(String document) {
        return hits(corpus.names().generation(1), document).getFirst();
    }

    private List<JsonNode> hits(String index, String document) {
        var query = "{\"query\": {\"term\": {\"documentId\": \"" + document + "\"}}}";
        send("POST", index, "/_refresh", null);
        return send("POST", index, "/_search", query)
                .path("hits")
                .path("hits")
                .valueStream()
                .toList();
    }

    private static String id(JsonNode hit) {
        return hit.path("_id").asText();
    }

    private static String routing(JsonNode hit) {
        return "?refresh=true&routing=" + hit.path("_routing").asText();
    }

    private void update(JsonNode chunk, String body) {
        send("POST", "/_update/" + id(chunk) + routing(chunk), body);
    }

    private void send(String method, String path, @Nullable String body) {
        send(method, corpus.names().generation(1), path, body);
    }

    private JsonNode send(String method, String index, String path, @Nullable String body) {
        try (var connection = corpus.connection()) {
            var bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
            var answer = connection.send(method, "/" + index + path, bytes);
            assertThat(answer.status()).as(path).isLessThan(300);
            return answer.json();
        }
    }
}
