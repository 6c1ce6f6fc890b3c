package dev.concordance.ingest;

import static dev.concordance.localcluster.servers.ParsingEndpoint.file;
import static dev.concordance.localcluster.servers.ParsingEndpoint.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.http.VirtualTime;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.ParsingEndpoint;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.RemoteParser.Format;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.parse.remote.ParserException;
import dev.concordance.parse.remote.ParsingService;
import dev.concordance.testing.Borrowed;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.IngestProcess;
import dev.concordance.testing.OfficeFiles;
import dev.concordance.testing.RemoteParsers;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that have documents read by a service: what they send, and what becomes of them when it fails. */
class RemoteParserIT {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private ParsingEndpoint endpoint;
    private Corpora corpus;
    private int runs;

    @TempDir
    private Path folder;

    @BeforeEach
    void declare() throws IOException {
        endpoint = ParsingEndpoint.start();
        corpus = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        corpus.create(manifest(1));
        put("report.pdf", file("# Birds", "Pelicans nest here.", "---", "## Fish", "Herrings swim here."));
        put("scan.png", scan("Words of a scan."));
        put("letter.docx", OfficeFiles.docx("<w:p><w:r><w:t>Read here.</w:t></w:r></w:p>"));
        corpus.write("notes.md", "# Notes\n\nText of notes.\n");
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    @Test
    void hasTheWorkerSendWhatIsDeclaredAndKeepsPagesAndHeadings() throws Exception {
        Files.createDirectories(folder.resolve("key"));
        Files.writeString(folder.resolve("key/apiKey"), "secret-1");
        var parser = RemoteParsers.at(endpoint.url(), "key", List.of(Format.PDF, Format.Image));
        var specification = corpus.specification(
                "by-process", Corpora.manifest(1).with(parser), List.of(), List.of(corpus.source()));
        var mounts = List.of("data=" + folder.resolve("data"), "key=" + folder.resolve("key"));
        try (var process = IngestProcess.start(specification, folder.resolve("work"), mounts, 256)) {
            assertThat(process.exitCode()).as(String.join("\n", process.log())).isZero();
            assertThat(process.log()).noneMatch(line -> line.contains("Pelicans") || line.contains("secret-1"));
        }
        assertThat(endpoint.asked())
                .extracting(ParsingEndpoint.Asked::name)
                .containsExactlyInAnyOrder("report.pdf", "scan.png");
        assertThat(endpoint.asked())
                .extracting(asked -> asked.headers().getFirst("X-Api-Key"))
                .containsOnly("secret-1");
        var chunks = chunks();
        assertThat(chunks.keySet())
                .containsExactlyInAnyOrder(
                        "Birds\nPelicans nest here.",
                        "Fish\nHerrings swim here.",
                        "Words of a scan.",
                        "Read here.",
                        "# Notes\n\nText of notes.");
        var fish = Objects.requireNonNull(chunks.get("Fish\nHerrings swim here."));
        assertThat(fish.path("headings")).extracting(JsonNode::asText).containsExactly("Birds", "Fish");
        assertThat(fish.path("firstPage").asInt()).isEqualTo(2);
        assertThat(fish.path("lastPage").asInt()).isEqualTo(2);
    }

    @Test
    void keepsWhatTheServiceCannotBeAskedForAndIndexesTheRest() throws IOException {
        run(1);
        var before = documents(1);
        put("report.pdf", file("# Birds", "Changed while it was away."));
        put("new.pdf", file("New words."));
        corpus.write("notes.md", "# Notes\n\nChanged notes.\n");
        Files.delete(corpus.mount().resolve("letter.docx"));
        endpoint.misbehave(1_000, status(503));
        assertThatThrownBy(() -> run(1))
                .isInstanceOfSatisfying(
                        ParserException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.ParserUnavailable))
                .hasMessageContaining("2 documents that it reads stay as they were");
        assertThat(documents(1)).containsEntry("files:report.pdf", before.get("files:report.pdf"));
        assertThat(documents(1).toString()).contains("Changed notes").doesNotContain("Read here");
        assertThat(documents(1)).doesNotContainKey("files:new.pdf");

        endpoint.behave();
        run(1);
        assertThat(documents(1).toString()).contains("Changed while it was away.", "New words.");
        assertThat(documents(1)).isEqualTo(built());
    }

    @Test
    void setsAsideADocumentThatEndsTheServiceAndReadsTheOthers() throws IOException {
        for (var i = 0; i < 30; i++) {
            put("p%02d.pdf".formatted(i), file("Page number " + i));
        }
        put("poison.pdf", file("poison"));
        endpoint.crashOn(words -> words.contains("poison"));
        var counts = run(1);
        assertThat(counts.quarantined()).isEqualTo(1);
        assertThat(counts.added()).isEqualTo(33);
        endpoint.crashOn(words -> false);
        assertThat(run(1).unchanged())
                .as("quarantine is retried when the document changes")
                .isEqualTo(33);
    }

    @Test
    void goesOnWhereAKilledWorkerStopped() throws Exception {
        var arrived = new CountDownLatch(2);
        var end = new CountDownLatch(1);
        endpoint.observe(asked -> {
            arrived.countDown();
            end.await(60, TimeUnit.SECONDS);
        });
        var specification = corpus.specification("killed", manifest(1), List.of(), List.of(corpus.source()));
        try (var process = IngestProcess.start(
                specification, folder.resolve("work"), List.of("data=" + folder.resolve("data")), 256)) {
            assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();
            process.kill();
        } finally {
            endpoint.observe(asked -> {});
            end.countDown();
        }
        run(1);
        assertThat(documents(1)).hasSize(3).isEqualTo(built());
    }

    @Test
    void readsEverythingAnewInAnotherGenerationWhenTheParserIsAnother() throws IOException {
        var plain = Corpora.manifest(1);
        assertThat(plain.with(RemoteParsers.of(endpoint)).digest()).isNotEqualTo(plain.digest());
        assertThat(manifest(1).digest()).isEqualTo(manifest(2).digest());
        assertThat(run(1).embedded()).isPositive();
        assertThat(run(1).embedded()).isZero();
        assertThat(endpoint.asked())
                .as("an unchanged document isn't sent again")
                .hasSize(1);
    }

    private GenerationManifest manifest(int generation) {
        return Corpora.manifest(generation).with(RemoteParsers.of(endpoint));
    }

    private Counts run(int generation) {
        var specification =
                corpus.specification("run-" + ++runs, manifest(generation), List.of(), List.of(corpus.source()));
        try (var connection = corpus.connection()) {
            return new Ingestion(
                            specification,
                            connection,
                            corpus::open,
                            purse -> new Borrowed(corpus.model()),
                            corpus.workspace(),
                            Clock.systemUTC(),
                            new StopSignal())
                    .parsing(declared -> ParsingService.open(declared, mount -> folder, new VirtualTime()))
                    .run();
        }
    }

    private Map<String, IndexSnapshot.Document> documents(int generation) {
        return IndexSnapshot.of(SharedNode.url(), corpus.names().generation(generation))
                .documents();
    }

    /** What a build from nothing gives. */
    private Map<String, IndexSnapshot.Document> built() {
        corpus.create(manifest(2));
        run(2);
        return documents(2);
    }

    private Map<String, JsonNode> chunks() {
        var found = new TreeMap<String, JsonNode>();
        try (var connection = corpus.connection()) {
            connection.send("POST", "/" + corpus.names().generation(1) + "/_refresh", null);
            var hits = connection
                    .send("GET", "/" + corpus.names().generation(1) + "/_search?size=100&q=_exists_:documentId", null)
                    .json()
                    .path("hits")
                    .path("hits");
            hits.forEach(hit -> found.put(hit.path("_source").path("text").asText(), hit.path("_source")));
        }
        return found;
    }

    private void put(String name, byte[] bytes) throws IOException {
        Files.write(corpus.mount().resolve(name), bytes);
    }

    private static byte[] scan(String words) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(PNG);
        bytes.writeBytes(words.getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }
}
