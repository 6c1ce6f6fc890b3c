package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.localcluster.servers.ElasticsearchProcess;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.IngestProcess;
import dev.concordance.testing.NoModel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real process, with little memory, on what people and attackers put into folders. */
class HostileInputIT {
    private static final int HEAP_MEGABYTES = 280;
    private static final String MARK = "zanzibar-marker";
    private static final Embedder NO_MODEL = new NoModel();
    private static ElasticsearchProcess node;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startTheNode(@TempDir Path home) {
        node = ElasticsearchProcess.start(ElasticsearchProcess.Options.forTest(home));
    }

    @AfterAll
    static void stopTheNode() {
        node.close();
    }

    @Test
    void indexesTheGoodAndNamesWhatIsWrongWithTheRestInBoundedMemory() throws Exception {
        Files.createDirectories(folder.resolve("data"));
        good();
        broken();
        large();
        var corpus = corpus();
        var manifest = Corpora.manifest(1);
        corpus.create(manifest);
        var asked = corpus.specification("hostile", manifest, List.of(), List.of(corpus.source()));
        var limits = new RunSpecification.Limits(10 << 20, 200, 100, 2);
        try (var process = start(with(asked, asked.elasticsearch(), limits))) {
            assertThat(process.exitCode()).as(String.join("\n", process.log())).isZero();
            assertThat(process.log()).noneMatch(line -> line.contains(MARK));
        }
        var indexed = IndexSnapshot.of(node.url(), corpus.names().generation(1)).documents();
        assertThat(indexed.keySet())
                .containsExactly(
                        "files:big5.html",
                        "files:bom.md",
                        "files:bomb.md",
                        "files:deep-yaml.md",
                        "files:good.md",
                        "files:half",
                        "files:heading.md",
                        "files:letters.txt",
                        "files:line.md",
                        "files:one",
                        "files:self.md",
                        "files:utf16.txt");
        assertThat(quarantined(corpus))
                .containsExactly(
                        "ampersands.html TooManyChunks",
                        "binary.md Binary",
                        "deep.html TooDeeplyNested",
                        "formatting.html TooLarge",
                        "formatting.md TooLarge",
                        "huge.jsonl#L1 TooLarge",
                        "huge.txt TooLarge",
                        "latin1.txt NotUtf8",
                        "lines.jsonl#L3 DuplicateId",
                        "lines.jsonl#L5 BrokenJson",
                        "lines.txt TooLarge",
                        "meta BadMetadata",
                        "pointer.md LfsPointer",
                        "quotes.md TooDeeplyNested",
                        "table.md TooLarge",
                        "wide.html TooLarge",
                        "words.txt TooManyChunks");
    }

    @Test
    void readsFilesOfAnyNameInTheEnvironmentOfAPodAndNamesThoseThatItCannotTellInAnother() throws Exception {
        Files.createDirectories(folder.resolve("data"));
        write("a.md", "Words.");
        write("ü.md", "Words with dots.");
        write("日本.md", "Words from far away.");
        for (var environment : List.of("C.UTF-8", "C")) {
            var corpus = corpus();
            corpus.create(Corpora.manifest(1));
            var asked =
                    corpus.specification("in-" + environment, Corpora.manifest(1), List.of(), List.of(corpus.source()));
            try (var process = IngestProcess.startIn(
                    Map.of("LC_ALL", environment),
                    asked,
                    folder.resolve("work"),
                    List.of("data=" + folder.resolve("data")),
                    HEAP_MEGABYTES)) {
                assertThat(process.exitCode())
                        .as(String.join("\n", process.log()))
                        .isZero();
            }
            var indexed =
                    IndexSnapshot.of(node.url(), corpus.names().generation(1)).documents();
            var isTold = environment.equals("C.UTF-8");
            assertThat(indexed.keySet())
                    .isEqualTo(isTold ? Set.of("files:a.md", "files:ü.md", "files:日本.md") : Set.of("files:a.md"));
            assertThat(quarantined(corpus))
                    .hasSize(isTold ? 0 : 2)
                    .allMatch(refusal -> refusal.startsWith("unnamed-") && refusal.endsWith(" BadId"));
        }
    }

    @Test
    void endsWithTwoWhenOnlyTheUserCanHelpAndWithOneWhenAnotherTryMay() throws Exception {
        Files.createDirectories(folder.resolve("data"));
        var corpus = corpus();
        var manifest = Corpora.manifest(1);
        corpus.create(manifest);
        var specification = corpus.specification("empty", manifest, List.of(), List.of(corpus.source()));
        try (var process = start(specification)) {
            assertThat(process.exitCode()).isEqualTo(2);
            assertThat(process.lastWords().path("reason").asText()).isEqualTo(FailureReason.SourceEmpty.name());
            assertThat(process.lastWords().path("message").asText()).contains("nothing was changed");
        }
        var nowhere = new ElasticsearchAccess(List.of("http://127.0.0.1:1"), null, null);
        try (var process = start(with(specification, nowhere, specification.limits()))) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.lastWords().path("reason").asText())
                    .isEqualTo(FailureReason.ElasticsearchUnreachable.name());
        }
    }

    private void good() throws IOException {
        write("good.md", "---\ntitle: Good\n---\n# Good\n\n" + MARK + "\n");
        write("bom.md", "\ufeff# Marked\n\nWords.\n");
        Files.write(folder.resolve("data/utf16.txt"), "\ufeffWords of two bytes.".getBytes(StandardCharsets.UTF_16LE));
        Files.write(
                folder.resolve("data/big5.html"),
                "<meta charset=big5><p>中文</p>".getBytes(java.nio.charset.Charset.forName("Big5")));
        write("lines.jsonl", """
                {"id": "one", "text": "A line."}
                {"id": "half", "title": "t\\ud800", "text": "half \\ud83d of it", "metadata": {"k": "\\ud800"}}
                {"id": "one", "text": "Again."}
                {"id": "meta", "text": "x", "metadata": {"deep": %s1%s}}
                {"id": "cut", "tex
                """.formatted("[".repeat(500), "]".repeat(500)));
    }

    private void broken() throws IOException {
        Files.write(folder.resolve("data/binary.md"), new byte[] {'a', 0, 'b'});
        Files.write(folder.resolve("data/latin1.txt"), "café".getBytes(StandardCharsets.ISO_8859_1));
        write("empty.md", "");
        write("blank.txt", " \n\t\n");
        write("self.md", "---\na: &a [*a, *a]\n---\nWords.\n");
        write("deep-yaml.md", "---\na: " + "[".repeat(20_000) + "\n---\nWords.\n");
        var bomb = new StringBuilder("---\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (var i = 1; i < 40; i++) {
            bomb.append("a%d: &a%d [*a%d,*a%d,*a%d,*a%d]\n".formatted(i, i, i - 1, i - 1, i - 1, i - 1));
        }
        write("bomb.md", bomb + "---\nWords.\n");
        write("pointer.md", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n");
    }

    private void large() throws IOException {
        try (var file = new RandomAccessFile(folder.resolve("data/huge.txt").toFile(), "rw")) {
            file.setLength(200L << 20);
        }
        try (var file = new RandomAccessFile(folder.resolve("data/huge.jsonl").toFile(), "rw")) {
            file.setLength(200L << 20);
        }
        write("deep.html", "<div>".repeat(100_000) + "x");
        write("wide.html", "<b>x</b>".repeat(1_200_000));
        var formatting = new StringBuilder("<p style='color:red'>");
        for (var i = 0; i < 12; i++) {
            formatting.append("<b id=").append(i).append('>');
        }
        formatting.append("</p>").append("<p>x".repeat(190_000));
        write("formatting.html", formatting.toString());
        write("formatting.md", formatting.toString());
        write("ampersands.html", "<p>" + "&".repeat(9_000_000));
        write("lines.txt", "a\n\n".repeat(3_000_000));
        write("words.txt", "word ".repeat(2_000_000));
        write("letters.txt", "x".repeat(9_000_000));
        write("quotes.md", ">".repeat(1_000_000));
        write("table.md", "|a".repeat(20_000) + "|\n" + "|-".repeat(20_000) + "|\n" + "|\n".repeat(20_000));
        write("heading.md", "# " + "long ".repeat(2_000) + "\n\nWords below.\n");
        write("line.md", "[".repeat(2_000) + "\n\nWords.\n");
    }

    private Corpora corpus() {
        return new Corpora(
                node.url(),
                NO_MODEL,
                Corpora.volume("files", new SourceManifest.JsonLines("id", "title", "text", null, List.of())),
                folder.resolve("data"),
                folder.resolve("work"),
                new IndexNames("cc", "hostile", "c" + System.nanoTime()));
    }

    private IngestProcess start(RunSpecification specification) throws IOException {
        return IngestProcess.start(
                specification, folder.resolve("work"), List.of("data=" + folder.resolve("data")), HEAP_MEGABYTES);
    }

    private static RunSpecification with(
            RunSpecification s, ElasticsearchAccess elasticsearch, RunSpecification.Limits limits) {
        return new RunSpecification(
                s.run(),
                s.mode(),
                s.names(),
                s.manifest(),
                s.reuseGenerations(),
                s.sources(),
                elasticsearch,
                limits,
                s.deletionGuard());
    }

    private List<String> quarantined(Corpora corpus) {
        var found = new TreeMap<String, String>();
        try (var connection = corpus.connection()) {
            var body = "{\"size\":100,\"query\":{\"term\":{\"state\":\"Quarantined\"}}}";
            JsonNode hits = connection
                    .send("POST", "/" + corpus.names().manifest(1) + "/_search", body.getBytes(StandardCharsets.UTF_8))
                    .json()
                    .path("hits")
                    .path("hits");
            hits.forEach(hit -> found.put(
                    hit.path("_source").path("documentId").asText(),
                    hit.path("_source").path("reason").asText()));
        }
        return found.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .toList();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve("data").resolve(name), text);
    }
}
