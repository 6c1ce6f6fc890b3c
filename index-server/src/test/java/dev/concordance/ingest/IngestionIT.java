package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.Role;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification.Limits;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.Reading;
import dev.concordance.source.SourceException;
import dev.concordance.source.Sources;
import dev.concordance.testing.Borrowed;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.ModelInPlaceOf;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestionIT {
    private static final Embedder MODEL = SmallModel.get();

    @TempDir
    private Path folder;

    @Test
    void embedsOnlyWhatChanged() throws Exception {
        var corpus = corpus(null);
        corpus.write("a.md", "---\nyear: 1999\n---\n# A\n\nThe first text.\n\n## B\n\nThe second text.\n");
        corpus.write("b.txt", "Plain words.");
        corpus.write("logo.png", "no image");
        var manifest = Corpora.manifest(1);
        corpus.create(manifest);
        var first = corpus.run("r1", manifest, List.of());
        assertThat(first.added()).isEqualTo(2);
        assertThat(first.skipped()).isEqualTo(1);
        assertThat(first.embedded()).isEqualTo(3);

        var again = corpus.run("r2", manifest, List.of());
        assertThat(again.unchanged()).isEqualTo(2);
        assertThat(again.embedded()).isZero();
        assertThat(again.chunksWritten()).isZero();

        corpus.write("a.md", "---\nyear: 1999\n---\n# A\n\nThe first text.\n\n## B\n\nThe second text, changed.\n");
        var edited = corpus.run("r3", manifest, List.of());
        assertThat(edited.updated()).isEqualTo(1);
        assertThat(edited.embedded()).isEqualTo(1);
        assertThat(texts(corpus, 1))
                .containsExactly(
                        "a.md/0 # A\n\nThe first text.",
                        "a.md/1 ## B\n\nThe second text, changed.",
                        "b.txt/0 Plain words.");

        Files.delete(folder.resolve("data/a.md"));
        var removed = corpus.run("r4", manifest, List.of());
        assertThat(removed.deleted()).isEqualTo(1);
        assertThat(texts(corpus, 1)).containsExactly("b.txt/0 Plain words.");
    }

    @Test
    void copiesTheVectorsOfUnchangedTextsIntoANewGeneration() throws Exception {
        var corpus = corpus(null);
        corpus.write("a.md", "# A\n\nThe first text.\n\n## B\n\nThe second text.\n");
        var manifest = Corpora.manifest(1);
        corpus.create(manifest);
        corpus.run("r1", manifest, List.of());
        var next = Corpora.manifest(2, new Chunking.ByHeadings(128, 8, "{title} > {headings}"));
        corpus.create(next);
        var built = corpus.run("r2", next, List.of(1));
        assertThat(built.reused()).isEqualTo(2);
        assertThat(built.embedded()).isZero();
        assertThat(vector(corpus, 2)).isEqualTo(vector(corpus, 1));
    }

    @Test
    void putsIntoQuarantineWhatCannotBeReadAndIndexesTheRest() throws Exception {
        var corpus = corpus(null);
        corpus.write("good.md", "Good words.");
        corpus.write("empty.md", "");
        corpus.write("year.md", "---\nyear: none\n---\nWords.\n");
        Files.write(folder.resolve("data/binary.md"), new byte[] {1, 0, 2});
        Files.write(folder.resolve("data/latin.txt"), new byte[] {'c', 'a', 'f', (byte) 0xE9});
        corpus.write("deep.html", "<div>".repeat(5_000) + "words");
        try (var large = new RandomAccessFile(folder.resolve("data/large.txt").toFile(), "rw")) {
            large.setLength(200L << 20);
        }
        Files.createSymbolicLink(folder.resolve("data/passwd.txt"), Path.of("/etc/passwd"));
        var manifest = Corpora.manifest(1);
        corpus.create(manifest);
        var counts = corpus.run("r1", manifest, List.of());
        assertThat(counts.added()).isEqualTo(1);
        assertThat(counts.skipped()).isEqualTo(1);
        assertThat(quarantine(corpus, "r1"))
                .containsExactly(
                        "binary.md Binary",
                        "deep.html TooDeeplyNested",
                        "large.txt TooLarge",
                        "latin.txt NotUtf8",
                        "passwd.txt OutsideSource",
                        "year.md BadMetadata");
        var again = corpus.run("r2", manifest, List.of());
        assertThat(again.quarantined()).isEqualTo(6);
        assertThat(again.pending()).isZero();
        assertThat(quarantine(corpus, "r2")).hasSize(6);
    }

    @Test
    void takesADocumentInWhenTheLimitThatItExceededIsRaised() throws Exception {
        var corpus = corpus(null);
        corpus.write("long.md", "# One\n\nWords.\n\n# Two\n\nWords.\n\n# Three\n\nWords.\n");
        corpus.write("short.md", "# One\n\nWords.\n");
        var manifest = Corpora.manifest(1);
        corpus.create(manifest);
        var sources = List.of(corpus.source());
        var narrow = new Limits(1 << 20, 2, 100, 1);
        corpus.run(Corpora.limited(corpus.specification("r1", manifest, List.of(), sources), narrow));
        assertThat(quarantine(corpus, "r1")).containsExactly("long.md TooManyChunks");
        var same = corpus.run(Corpora.limited(corpus.specification("r2", manifest, List.of(), sources), narrow));
        assertThat(same.chunksWritten()).isZero();
        var raised = corpus.run("r3", manifest, List.of());
        assertThat(raised.added()).isEqualTo(1);
        assertThat(raised.quarantined()).isZero();
    }

    @Test
    void readsJsonLinesAndTellsOfEachBadOne() throws Exception {
        var corpus = corpus(new SourceManifest.JsonLines("_id", "title", "text", null, List.of()));
        corpus.write("docs.jsonl", """
                {"_id": "1", "title": "One", "text": "First words.", "metadata": {"year": 2001}}
                {"_id": 2, "text": "Second words."}
                {"_id": "1", "text": "The same id."}
                {"text": "No id."}
                {"_id": "5"}
                {"_id": "6", broken

                [1, 2]
                """);
        var manifest = Corpora.manifest(1);
        corpus.create(manifest);
        var counts = corpus.run("r1", manifest, List.of());
        assertThat(counts.added()).isEqualTo(2);
        assertThat(quarantine(corpus, "r1"))
                .containsExactly(
                        "docs.jsonl#L3 DuplicateId",
                        "docs.jsonl#L4 MissingId",
                        "docs.jsonl#L5 MissingText",
                        "docs.jsonl#L6 BrokenJson",
                        "docs.jsonl#L8 BrokenJson");
        assertThat(texts(corpus, 1)).containsExactly("1/0 First words.", "2/0 Second words.");
    }

    @Test
    void deletesNothingWhenTheSourceIsEmptyOrGone() throws Exception {
        var corpus = corpus(null);
        corpus.write("a.md", "Some words.");
        var manifest = Corpora.manifest(1);
        corpus.create(manifest);
        corpus.run("r1", manifest, List.of());
        Files.delete(folder.resolve("data/a.md"));
        assertThatThrownBy(() -> corpus.run("r2", manifest, List.of()))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.SourceEmpty));
        Files.delete(folder.resolve("data"));
        assertThatThrownBy(() -> corpus.run("r3", manifest, List.of())).isInstanceOf(SourceException.class);
        assertThat(texts(corpus, 1)).containsExactly("a.md/0 Some words.");
        var report = corpus.ledger("run-r2");
        assertThat(report.path("failure").path("reason").asText()).isEqualTo("SourceEmpty");
        assertThat(report.path("phase").asText()).isEqualTo("Failed");
    }

    /** Where the former files stay for a moment, of some keys these are listed, and of the others the new ones. */
    @Test
    void isInStepWithAConfigMapThatWasReplacedWhileItWasListed() throws Exception {
        var corpus = corpus(null);
        corpus.create(Corpora.manifest(1));
        mount(corpus, 1, "a.md", "b.md", "gone.md");
        runOverConfigMap(corpus, "r1", path -> {});
        assertThat(texts(corpus, 1)).containsExactly("a.md/0 Words 1.", "b.md/0 Words 1.", "gone.md/0 Words 1.");
        var replaced = new AtomicInteger();
        runOverConfigMap(corpus, "r2", path -> {
            if (path.equals("b.md") && replaced.getAndIncrement() == 0) {
                mount(corpus, 2, "a.md", "b.md", "new.md");
            }
        });
        assertThat(texts(corpus, 1)).as("as the keys were read").contains("a.md/0 Words 2.", "b.md/0 Words 2.");
        runOverConfigMap(corpus, "r3", path -> {});
        assertThat(texts(corpus, 1)).containsExactly("a.md/0 Words 2.", "b.md/0 Words 2.", "new.md/0 Words 2.");
        assertThat(runOverConfigMap(corpus, "r4", path -> {}).unchanged()).isEqualTo(3);
    }

    private static Counts runOverConfigMap(Corpora corpus, String run, Consumer<String> listing) {
        var map =
                new SourceManifest("map", new SourceManifest.ConfigMap("data", run), List.of(), List.of(), null, null);
        var reading =
                new Reading(mount -> corpus.mount(), corpus.workspace(), Corpora.LIMITS.maxDocumentBytes(), path -> {
                    listing.accept(path);
                    return false;
                });
        try (var connection = corpus.connection()) {
            return new Ingestion(
                            corpus.specification(run, Corpora.manifest(1), List.of(), List.of(map)),
                            connection,
                            declared -> Sources.open(declared, reading),
                            purse -> new Borrowed(MODEL),
                            corpus.workspace(),
                            Clock.systemUTC(),
                            new StopSignal())
                    .run();
        }
    }

    /** As a kubelet does it before it removes the former files. */
    private static void mount(Corpora corpus, int version, String... keys) {
        try {
            Files.createDirectories(corpus.mount().resolve("..v" + version));
            for (var key : keys) {
                corpus.write("..v%d/%s".formatted(version, key), "Words %d.".formatted(version));
                var link = corpus.mount().resolve(key);
                if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createSymbolicLink(link, Path.of("..data", key));
                }
            }
            var pointer = corpus.mount().resolve("..data_tmp");
            Files.createSymbolicLink(pointer, Path.of("..v" + version));
            Files.move(pointer, corpus.mount().resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            if (version > 1) {
                Files.delete(corpus.mount().resolve("gone.md"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void finishesWhatADeadRunLeft() throws Exception {
        var corpus = corpus(null);
        for (var i = 0; i < 200; i++) {
            corpus.write("d%03d.md".formatted(i), "# Title %d\n\nBody of document %d.\n".formatted(i, i));
        }
        var manifest = Corpora.manifest(1);
        corpus.create(manifest);
        var calls = new AtomicInteger();
        var dying = new Corpora(
                corpus.elasticsearch(),
                new FailingModel(MODEL, calls, 120),
                corpus.source(),
                corpus.mount(),
                corpus.workspace(),
                corpus.names());
        assertThatThrownBy(() -> dying.run("r1", manifest, List.of())).hasMessageContaining("killed");
        var counts = corpus.run("r2", manifest, List.of());
        assertThat(counts.pending()).isZero();
        assertThat(texts(corpus, 1)).hasSize(200);
        assertThat(corpus.ledger("lease").path("unfinished").isEmpty()).isTrue();
        assertThat(corpus.ledger("generation-1").path("documents").asInt()).isEqualTo(200);
    }

    private record FailingModel(Embedder model, AtomicInteger calls, int limit) implements ModelInPlaceOf {
        @Override
        public float[] embed(Role role, String text) {
            if (calls.incrementAndGet() > limit) {
                throw new IllegalStateException("killed");
            }
            return model.embed(role, text);
        }
    }

    private Corpora corpus(SourceManifest.@Nullable JsonLines jsonl) throws IOException {
        return Corpora.in(folder, SharedNode.url(), MODEL, jsonl);
    }

    private static List<String> texts(Corpora corpus, int generation) {
        var texts = new TreeMap<String, String>();
        for (var hit : hits(corpus, generation)) {
            var source = hit.path("_source");
            texts.put(
                    source.path("documentId").asText() + "/"
                            + source.path("ordinal").asText(),
                    source.path("text").asText());
        }
        return texts.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .toList();
    }

    private static JsonNode hits(Corpora corpus, int generation) {
        try (var connection = corpus.connection()) {
            var body = "{\"size\":1000,\"sort\":[\"documentKey\",\"ordinal\"],\"_source\":true,\"fields\":[\"vector\"],"
                    + "\"query\":{\"exists\":{\"field\":\"documentId\"}}}";
            return connection
                    .send(
                            "POST",
                            "/" + corpus.names().generation(generation) + "/_search",
                            body.getBytes(StandardCharsets.UTF_8))
                    .json()
                    .path("hits")
                    .path("hits");
        }
    }

    private static JsonNode vector(Corpora corpus, int generation) {
        return hits(corpus, generation).path(0).path("fields").path("vector");
    }

    private static List<String> quarantine(Corpora corpus, String run) {
        var list = new java.util.ArrayList<String>();
        corpus.ledger("run-" + run)
                .path("quarantined")
                .forEach(q -> list.add(
                        q.path("documentId").asText() + " " + q.path("reason").asText()));
        list.sort(null);
        return list;
    }
}
