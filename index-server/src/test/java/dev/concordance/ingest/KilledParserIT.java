package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.IngestProcess;
import dev.concordance.testing.NoModel;
import dev.concordance.testing.OfficeFiles;
import dev.concordance.testing.SharedNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged worker on a folder of thousands, in which one document ends the process that parses and one never ends. */
class KilledParserIT {
    private static final int DOCUMENTS = 10_000;
    private static final int HEAP_MEGABYTES = 512;
    private static final String KILLS = "05000.pdf";
    private static final String LOOPS = "05001.pdf";

    /** Few, so that it is cheap, and more than one, so that no document can have another's unseen. */
    private static final int TEXTS = 97;

    private static final GenerationManifest MANIFEST = Corpora.manifest(1, new Chunking.Whole(""));

    @TempDir
    private Path folder;

    @Test
    void indexesAllOthersOfTenThousandDocumentsAndTriesTheTwoNotAgain() throws Exception {
        var data = Files.createDirectories(folder.resolve("data"));
        for (var i = 0; i < DOCUMENTS; i++) {
            switch ("%05d.pdf".formatted(i)) {
                case KILLS -> Files.write(data.resolve(KILLS), OfficeFiles.bombPdf());
                case LOOPS -> Files.write(data.resolve(LOOPS), OfficeFiles.endlessPdf());
                default -> Files.writeString(data.resolve("%05d.txt".formatted(i)), text(i));
            }
        }
        var corpus = new Corpora(
                SharedNode.url(),
                new NoModel(),
                Corpora.volume("files", null),
                data,
                folder.resolve("work"),
                new IndexNames("cc", "killed", "parser"));
        corpus.create(MANIFEST);
        try (var process = start(corpus, "first")) {
            assertThat(process.exitCode()).as(String.join("\n", process.log())).isZero();
            assertThat(process.peakOfChildrenMegabytes()).isPositive();
        }
        check(corpus);
        try (var process = start(corpus, "second")) {
            assertThat(process.exitCode()).as(String.join("\n", process.log())).isZero();
            assertThat(process.peakOfChildrenMegabytes()).as("no parser").isZero();
        }
        check(corpus);
    }

    private static String text(int document) {
        return "words of " + document % TEXTS;
    }

    private static void check(Corpora corpus) {
        var snapshot = IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1));
        assertThat(snapshot.documents()).hasSize(DOCUMENTS - 2);
        snapshot.documents().forEach((id, document) -> {
            assertThat(id).matches("files:[0-9]{5}\\.txt");
            assertThat(document.chunks())
                    .as(id)
                    .containsExactly(text(Integer.parseInt(id.substring("files:".length(), id.indexOf('.')))));
        });
        try (var connection = corpus.connection()) {
            var manifest = "/" + corpus.names().manifest(1);
            var refused = new TreeMap<String, JsonNode>();
            connection
                    .send("POST", manifest + "/_search", query("Quarantined"))
                    .json()
                    .path("hits")
                    .path("hits")
                    .forEach(hit ->
                            refused.put(hit.path("_source").path("documentId").asText(), hit.path("_source")));
            assertThat(refused).containsOnlyKeys(KILLS, LOOPS);
            assertRefused(refused.firstEntry().getValue(), "ParserCrashed", "out of memory");
            assertRefused(refused.lastEntry().getValue(), "ParserTimeout", "within 60 s");
        }
    }

    private static void assertRefused(JsonNode record, String reason, String message) {
        assertThat(record.path("reason").asText()).isEqualTo(reason);
        assertThat(record.path("message").asText()).contains(message);
    }

    private static byte[] query(String state) {
        return "{\"query\":{\"term\":{\"state\":\"%s\"}}}".formatted(state).getBytes(StandardCharsets.UTF_8);
    }

    private static IngestProcess start(Corpora corpus, String run) throws Exception {
        var asked = corpus.specification(run, MANIFEST, List.of(), List.of(corpus.source()));
        var limits = new RunSpecification.Limits(10 << 20, 5_000, 500, 2);
        return IngestProcess.start(
                Corpora.limited(asked, limits), corpus.workspace(), List.of("data=" + corpus.mount()), HEAP_MEGABYTES);
    }
}
