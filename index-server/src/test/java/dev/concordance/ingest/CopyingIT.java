package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.index.IndexException;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.ErasureOrder;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.Privacy;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Tombstone;
import dev.concordance.manifest.Tombstones;
import dev.concordance.source.Source;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a copy meets, the generation becomes what the other one is; no source is asked for it, and no model here. */
class CopyingIT {
    private static final int DOCUMENTS = 40;
    private static final GenerationManifest LIVE = Corpora.manifest(1);
    private static final Embedder MODEL = SmallModel.get();

    @TempDir
    private Path folder;

    private RecordingProxy proxy;
    private Corpora corpus;

    @BeforeEach
    void indexSomeDocuments() throws IOException {
        proxy = RecordingProxy.start(SharedNode.url());
        corpus = Corpora.in(folder, SharedNode.url(), MODEL, null);
        corpus.create(LIVE);
        for (var i = 0; i < DOCUMENTS; i++) {
            write(i, "Words.");
        }
        corpus.write("empty.md", "");
        corpus.run("first", LIVE, List.of());
    }

    @AfterEach
    void closeTheProxy() {
        proxy.close();
    }

    @Test
    void goesOnWhereverItsWorkerIsLostOrGoesOnWithoutKnowingIt() throws Exception {
        copy(2, proxied());
        var bulks = (int) proxy.count(call -> call.isTo("/_bulk"));
        assertThat(bulks).isGreaterThan(3);
        for (var bulk = 1; bulk <= bulks; bulk++) {
            var generation = 2 + bulk;
            var hold = new Disturbance.Hold();
            var earlier = bulk - 1;
            corpus.create(candidate(generation));
            var lost = lostAt(earlier, hold, generation);
            hold.awaitCall();
            copyOnly(generation, corpus);
            if (bulk % 2 == 0) {
                hold.release();
            } else {
                hold.drop();
            }
            assertThatThrownBy(lost::get).as("bulk %d", bulk).isInstanceOf(ExecutionException.class);
            assertThat(everything(generation)).as("bulk %d", bulk).isEqualTo(everything(1));
            assertThat(corpus.ledger("lease").path("unfinished")).isEmpty();
        }
    }

    @Test
    void copiesOnlyWhatIsMissingOrHasChangedAndRemovesWhatHasGone() throws IOException {
        copy(2, corpus);
        write(3, "Other words.");
        Files.delete(folder.resolve("data").resolve("d04.md"));
        corpus.write("new.md", "# New\n\nNew words.\n");
        corpus.run("second", LIVE, List.of());

        var counts = copyOnly(2, corpus);

        assertThat(counts.updated()).isEqualTo(1);
        assertThat(counts.added()).isEqualTo(1);
        assertThat(counts.deleted()).isEqualTo(1);
        assertThat(counts.unchanged()).isEqualTo(DOCUMENTS - 2);
        assertThat(everything(2)).isEqualTo(everything(1));
    }

    @Test
    void isAsTheOtherOneIsThoughThatIsWrittenToMeanwhile() throws Exception {
        corpus.create(candidate(2));
        var hold = new Disturbance.Hold();
        var copy = lostAt(1, hold, 2);
        hold.awaitCall();
        write(1, "Other words.");
        write(39, "Other words.");
        Files.delete(folder.resolve("data").resolve("d02.md"));
        corpus.run("meanwhile", LIVE, List.of());
        hold.release();
        assertThat(copy.get()).isNotNull();
        assertThat(freshAsOf(2)).as("it promises no more than it has copied").isBefore(freshAsOf(1));

        copyOnly(2, corpus);

        assertThat(everything(2)).isEqualTo(everything(1));
        assertThat(corpus.ledger("generation-2").path("freshAsOf"))
                .isEqualTo(corpus.ledger("generation-1").path("freshAsOf"));
    }

    @Test
    void bringsNothingBackThatWasErasedMeanwhile() throws Exception {
        corpus.create(candidate(2));
        var hold = new Disturbance.Hold();
        var copy = lostAt(3, hold, 2);
        hold.awaitCall();
        var tombstone = new Tombstone(
                "uid-of-copy",
                List.of(),
                List.of(new Tombstone.NamedDocument("d05.md", null)),
                List.of("https://example.org/d36.md"),
                List.of());
        corpus.erase("erase", LIVE, new ErasureOrder(tombstone, 100));
        hold.release();
        assertThatThrownBy(copy::get).isInstanceOf(ExecutionException.class);
        assertThatThrownBy(() -> copyOnly(2, corpus))
                .isInstanceOfSatisfying(
                        IndexException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.Superseded));

        run(corpus, Corpora.without(specification(2), Tombstones.of(List.of(tombstone))));

        assertThat(everything(2)).isEqualTo(everything(1));
        assertThat(everything(2).documents()).doesNotContainKeys("files:d05.md", "files:d36.md");
    }

    @Test
    void keepsOutWhatATombstoneCoversThoughTheOtherOneHasIt() throws IOException {
        corpus.create(candidate(2));
        var tombstone = new Tombstone(
                "uid-of-tombstone",
                List.of(),
                List.of(new Tombstone.NamedDocument("d05.md", null)),
                List.of("https://example.org/d36.md"),
                List.of());
        run(corpus, Corpora.without(specification(2), Tombstones.of(List.of(tombstone))));
        assertThat(everything(2).documents()).hasSize(DOCUMENTS - 2).doesNotContainKeys("files:d05.md", "files:d36.md");
    }

    @Test
    void readsADocumentAgainThatSomebodyElseIsWriting() throws Exception {
        corpus.create(candidate(2));
        var reading = new Disturbance.Hold();
        proxy.disturb(call -> call.isTo("-g1/_search"), 1, reading);
        var copy = CompletableFuture.supplyAsync(() -> copyOnly(2, proxied()));
        reading.awaitCall();
        var before = everything(1);
        var chunk = chunk();
        send("DELETE", chunk, null);
        var readingAgain = new Disturbance.Hold();
        proxy.disturb(call -> call.isTo("/_refresh"), 1, readingAgain);
        reading.release();
        readingAgain.awaitCall();
        send("PUT", chunk, chunk.path("_source").toString());
        readingAgain.release();
        assertThat(copy.get().added()).isEqualTo(DOCUMENTS);
        assertThat(everything(2)).isEqualTo(before);
    }

    /** One of those of a document, with its vector. */
    private JsonNode chunk() {
        var body = "{\"size\": 1, \"_source\": {\"exclude_vectors\": false},"
                + " \"query\": {\"term\": {\"documentId\": \"d07.md\"}}}";
        try (var connection = corpus.connection()) {
            return connection
                    .send(
                            "POST",
                            "/" + corpus.names().generation(1) + "/_search",
                            body.getBytes(StandardCharsets.UTF_8))
                    .json()
                    .path("hits")
                    .path("hits")
                    .path(0);
        }
    }

    private void send(String method, JsonNode chunk, @Nullable String body) {
        var path = "/%s/_doc/%s?refresh=true&routing=%s"
                .formatted(
                        corpus.names().generation(1),
                        chunk.path("_id").asText(),
                        chunk.path("_routing").asText());
        try (var connection = corpus.connection()) {
            assertThat(connection
                            .send(method, path, body == null ? null : body.getBytes(StandardCharsets.UTF_8))
                            .status())
                    .isLessThan(300);
        }
    }

    @Test
    void failsForADocumentThatIsNotStoredAsItsRecordSaysAndCopiesTheOthers() throws IOException {
        corpus.create(candidate(2));
        send("DELETE", chunk(), null);
        assertThatThrownBy(() -> copyOnly(2, corpus)).isInstanceOfSatisfying(RunException.class, e -> {
            assertThat(e.reason()).isEqualTo(FailureReason.GenerationMissing);
            assertThat(e).hasMessageStartingWith("1 documents of generation 1").hasMessageContaining("d07.md");
        });
        assertThat(everything(2).documents()).hasSize(DOCUMENTS - 1);
        assertThat(corpus.ledger("generation-2").isMissingNode()).isTrue();

        corpus.run(Corpora.verifying(corpus.specification("verify", LIVE, List.of(), List.of(corpus.source()))));
        assertThat(copyOnly(2, corpus).added()).isEqualTo(1);

        assertThat(everything(2)).isEqualTo(everything(1));
    }

    static Stream<Chunking> chunkings() {
        return Stream.of(
                new Chunking.Hierarchical(48, 16, "{title}"),
                new Chunking.Semantic(48, 8, 80, "{title} > {headings}"),
                new Chunking.Whole(""));
    }

    @ParameterizedTest
    @MethodSource("chunkings")
    void copiesAllThatIsStoredOfPassagesHoweverTheyWereCut(Chunking chunking) throws IOException {
        var signals = new Privacy(Map.of(Privacy.Kind.Email, Privacy.Action.Signal), List.of());
        var cut = another();
        var manifest = Corpora.manifest(1, chunking).with(signals);
        corpus.write(
                "mail.md",
                "---\ntags: [a, b]\nsize: {width: 2}\n---\n# Mail\n\nWrite to somebody@example.com. Cats purr. The tax is due in May.\n");
        cut.create(manifest);
        cut.run("first", manifest, List.of());
        var other = Corpora.other(manifest, 2, 3, manifest.metadata());
        cut.create(other);

        run(cut, cut.specification("copy", other, List.of(1), List.of()).copying(1));

        assertThat(everything(cut, 2)).isEqualTo(everything(cut, 1));
        assertThat(String.valueOf(everything(cut, 2).documents().get("files:mail.md")))
                .contains("\"signals\"");
    }

    @Test
    void copiesWhoMaySeeADocumentAndForgetsItWhereEverybodyMay() throws IOException {
        corpus.write(
                ".access.yaml",
                "rules: [{paths: '**', principals: everyone}, {paths: 'd0*', principals: 'user:alice'}]");
        var listed = another();
        var level = Corpora.documentLevel();
        listed.create(level);
        listed.run(
                "first", level, List.of(), source -> source.with(new SourceManifest.Access("access", ".access.yaml")));
        var same = Corpora.other(level, 2, 2, level.metadata());
        listed.create(same);
        run(listed, listed.specification("same", same, List.of(1), List.of()).copying(1));
        assertThat(everything(listed, 2)).isEqualTo(everything(listed, 1));
        assertThat(String.valueOf(everything(listed, 2).documents().get("files:d01.md")))
                .contains("user:alice");
        var open = candidate(3);
        listed.create(open);
        run(listed, listed.specification("open", open, List.of(1), List.of()).copying(2));
        assertThat(everything(listed, 3)).isEqualTo(everything(1));
        assertThat(listed.ledger("generation-3").path("hidden").isObject()).isFalse();
    }

    @Test
    void copiesNothingThatWouldHaveToBeReadAgain() {
        var other = new GenerationManifest(
                2, LIVE.pipeline() + 1, LIVE.chunking(), LIVE.model(), LIVE.shards(), LIVE.metadata());
        corpus.create(other);
        assertThatThrownBy(() -> run(
                        corpus,
                        corpus.specification("copy", other, List.of(1), List.of())
                                .copying(1)))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("generation 1 has changed");
        corpus.create(candidate(3));
        assertThatThrownBy(() -> run(corpus, specification(3).copying(9))).isInstanceOf(RunException.class);
    }

    private Instant freshAsOf(int generation) {
        return Instant.parse(
                corpus.ledger("generation-" + generation).path("freshAsOf").asText());
    }

    private CompletableFuture<Counts> lostAt(int bulk, Disturbance.Hold hold, int generation) {
        var seen = new AtomicInteger();
        proxy.disturb(call -> call.isTo("/_bulk") && seen.getAndIncrement() == bulk, 1, hold);
        return CompletableFuture.supplyAsync(() -> copyOnly(generation, proxied()));
    }

    private Corpora proxied() {
        return corpus.through(proxy.url());
    }

    private static GenerationManifest candidate(int generation) {
        return Corpora.other(LIVE, generation, 2, LIVE.metadata());
    }

    private RunSpecification specification(int generation) {
        return Corpora.building(
                        corpus.specification("copy-" + generation, candidate(generation), List.of(1), List.of()))
                .copying(1);
    }

    private void copy(int generation, Corpora through) {
        through.create(candidate(generation));
        copyOnly(generation, through);
        assertThat(everything(generation)).isEqualTo(everything(1));
    }

    private Counts copyOnly(int generation, Corpora through) {
        return run(through, specification(generation));
    }

    private Counts run(Corpora through, RunSpecification specification) {
        try (var connection = through.connection()) {
            return new Ingestion(
                            specification,
                            connection,
                            CopyingIT::notAsked,
                            purse -> {
                                throw new AssertionError("the model was loaded");
                            },
                            corpus.workspace(),
                            Clock.systemUTC(),
                            new StopSignal())
                    .run();
        }
    }

    private static Source notAsked(SourceManifest source) {
        throw new AssertionError(source.name() + " was asked");
    }

    private Corpora another() throws IOException {
        return Corpora.in(folder, SharedNode.url(), MODEL, null);
    }

    private IndexSnapshot everything(int generation) {
        return everything(corpus, generation);
    }

    private static IndexSnapshot everything(Corpora of, int generation) {
        return IndexSnapshot.ofEverything(SharedNode.url(), of.names().generation(generation));
    }

    private void write(int number, String words) throws IOException {
        corpus.write(
                "d%02d.md".formatted(number),
                "---\nyear: %d\n---\n# Title %d\n\n%s\n\n## Below\n\nThe same everywhere.\n"
                        .formatted(1900 + number, number, words));
    }
}
