package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.Role;
import dev.concordance.index.IndexException;
import dev.concordance.localcluster.servers.ElasticsearchCall;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.Tracer;
import dev.concordance.source.Entry;
import dev.concordance.source.Source;
import dev.concordance.source.SourceException;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.ModelInPlaceOf;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.SourceInPlaceOf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run costs, counted at the model and in front of Elasticsearch. */
class CountsIT {

    /** What docs/operations.md promises; the operator reads as often. */
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(2);

    private static final GenerationManifest MANIFEST = Corpora.manifest(1);
    private static Counting model;

    @TempDir
    private Path folder;

    private RecordingProxy proxy;
    private Corpora corpus;

    @BeforeAll
    static void loadTheModel() {
        model = new Counting(SmallModel.get(), new AtomicInteger());
    }

    @BeforeEach
    void indexThirtyDocuments() throws IOException {
        proxy = RecordingProxy.start(SharedNode.url());
        corpus = Corpora.in(folder, proxy.url(), model, null);
        corpus.create(MANIFEST);
        for (var i = 0; i < 30; i++) {
            write(i, 1999, "Changed never.", "Number %d.".formatted(i));
        }
        corpus.run("first", MANIFEST, List.of());
        proxy.forget();
        model.embeds().set(0);
    }

    @AfterEach
    void closeTheProxy() {
        proxy.close();
    }

    @Test
    void embedsNothingAndWritesTheTracerAloneWhenNothingHasChanged() {
        var counts = corpus.run("again", MANIFEST, List.of());
        assertThat(counts.unchanged()).isEqualTo(30);
        assertThat(model.embeds()).hasValue(0);
        assertThat(documentWrites()).isEmpty();
        assertThat(tracerWrites()).isOne();
        assertThat(proxy.count(call -> call.isTo("/_bulk"))).isOne();
        assertThat(proxy.count(call -> call.isTo("/_doc/tracer"))).isOne();
        assertThat(refreshes()).isOne();
    }

    @Test
    void writesNothingAtAllWhenNothingHasChangedAndThereIsNoTracer() {
        var specification =
                Corpora.untraced(corpus.specification("first-without", MANIFEST, List.of(), List.of(corpus.source())));
        corpus.run(specification);
        proxy.forget();
        assertThat(corpus.run(specification).unchanged()).isEqualTo(30);
        assertThat(documentWrites()).isEmpty();
        assertThat(tracerWrites()).isZero();
        assertThat(refreshes()).isZero();
    }

    @Test
    void needsNoModelToWriteTheFirstTracer() {
        try (var connection = corpus.connection()) {
            var specification =
                    Corpora.untraced(corpus.specification("without", MANIFEST, List.of(), List.of(corpus.source())));
            corpus.run(specification);
            new Ingestion(
                            corpus.specification("with", MANIFEST, List.of(), List.of(corpus.source())),
                            connection,
                            corpus::open,
                            purse -> {
                                throw new AssertionError("the model was loaded");
                            },
                            corpus.workspace(),
                            Clock.systemUTC(),
                            new StopSignal())
                    .run();
        }
        assertThat(tracerWrites()).as("one deletion, one write").isEqualTo(2);
    }

    @Test
    void embedsTheChangedChunksOfTheOneFileThatWasEdited() throws Exception {
        write(7, 1999, "Changed never.", "Now it is seven.");
        var counts = corpus.run("edited", MANIFEST, List.of());
        assertThat(counts.updated()).isEqualTo(1);
        assertThat(model.embeds()).hasValue(1);
        assertThat(documentWrites())
                .extracting(write -> write.action() + " " + write.index().replaceFirst(".*-g1", "g1"))
                .containsExactlyInAnyOrder("index g1", "index g1", "delete g1", "delete g1", "index g1-manifest");
    }

    @Test
    void embedsNothingWhenOnlyMetadataHasChanged() throws Exception {
        write(7, 2001, "Changed never.", "Number 7.");
        var counts = corpus.run("metadata", MANIFEST, List.of());
        assertThat(counts.updated()).isEqualTo(1);
        assertThat(model.embeds()).hasValue(0);
    }

    @Test
    void writesNoChunkOfAFileThatWasOnlyTouched() throws Exception {
        Files.setLastModifiedTime(folder.resolve("data/d7.md"), java.nio.file.attribute.FileTime.from(Instant.EPOCH));
        corpus.run("touched", MANIFEST, List.of());
        assertThat(model.embeds()).hasValue(0);
        assertThat(documentWrites()).extracting(ElasticsearchCall.Write::index).allMatch(i -> i.endsWith("-manifest"));
    }

    @Test
    void copiesTheVectorsOfUnchangedTextsIntoTheNextGeneration() {
        var next = Corpora.manifest(2, new Chunking.ByHeadings(128, 0, "{title} > {headings}"));
        corpus.create(next);
        var counts = corpus.run("rechunked", next, List.of(1));
        assertThat(counts.added()).isEqualTo(30);
        assertThat(counts.reused()).isEqualTo(60);
        assertThat(model.embeds()).hasValue(0);
    }

    @Test
    void waitsForABusyClusterAndDividesWhatIsTooLarge() throws Exception {
        for (var i = 0; i < 30; i++) {
            write(i, 1999, "Changed now.", "Number %d.".formatted(i));
        }
        proxy.disturb(call -> call.isTo("_bulk"), 2, Disturbance.Refuse.with(429));
        proxy.disturb(call -> call.writes().size() > 4, 1_000, Disturbance.Refuse.with(413));
        proxy.disturb(
                call -> call.isTo("_bulk") && call.writes().size() == 1,
                2,
                new Disturbance.Refuse(
                        200,
                        "{\"errors\":true,\"items\":[{\"index\":{\"status\":429,\"error\":{\"reason\":\"busy\"}}}]}"));
        var counts = corpus.run("busy", MANIFEST, List.of());
        assertThat(counts.updated()).isEqualTo(30);
        assertThat(counts.quarantined()).isZero();
        proxy.calm();
        assertThat(corpus.run("after", MANIFEST, List.of()).unchanged()).isEqualTo(30);
        assertThat(IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1))
                        .chunks())
                .isEqualTo(60);
    }

    @Test
    void putsTheDocumentIntoQuarantineThatElasticsearchRefusesAndNoOther() throws Exception {
        write(7, 1999, "Changed now.", "Seven.");
        write(8, 1999, "Changed now.", "Eight.");
        proxy.disturb(call -> call.isTo("-g1/_bulk") && call.writes().size() == 4, 1, new Disturbance.Refuse(200, """
                        {"errors":true,"items":[
                          {"index":{"status":201}},
                          {"index":{"status":400,"error":{"reason":"failed to parse. Preview of field's value: 'Seven'"}}},
                          {"index":{"status":201}},{"index":{"status":201}}]}"""));
        var counts = corpus.run("refused", MANIFEST, List.of());
        assertThat(counts.quarantined()).isEqualTo(1);
        assertThat(counts.updated()).isEqualTo(1);
        var quarantined = corpus.ledger("run-refused").path("quarantined").path(0);
        assertThat(quarantined.path("documentId").asText()).isEqualTo("d7.md");
        assertThat(quarantined.path("reason").asText()).isEqualTo("IndexRefused");
        assertThat(quarantined.path("message").asText()).doesNotContain("Seven");
    }

    @Test
    void leavesADocumentAsItIsThatItsSourceDoesNotGive() throws Exception {
        write(7, 1999, "Changed now.", "Seven.");
        write(8, 1999, "Changed now.", "Eight.");
        var unreadable = folder.resolve("data/d7.md");
        var specification = corpus.specification("unread", MANIFEST, List.of(), List.of(corpus.source()));
        try (var connection = corpus.connection()) {
            var run = new Ingestion(
                    specification,
                    connection,
                    declared -> new Vanishing(corpus.open(declared), List.of(unreadable)),
                    purse -> model,
                    corpus.workspace(),
                    Clock.systemUTC(),
                    new StopSignal());
            assertThatThrownBy(run::run)
                    .hasMessageContaining("1 documents could not be read")
                    .hasMessageContaining("d7.md");
        }
        var report = corpus.ledger("run-unread");
        assertThat(report.path("failure").path("reason").asText()).isEqualTo(FailureReason.SourceUnreachable.name());
        assertThat(report.path("counts").path("updated").asInt()).isEqualTo(1);
        assertThat(IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1))
                        .documents())
                .hasEntrySatisfying(
                        "files:d7.md", document -> assertThat(document.chunks()).hasSize(2));
        write(7, 1999, "Changed now.", "Seven.");
        assertThat(corpus.run("next", MANIFEST, List.of()).updated()).isEqualTo(1);
    }

    @Test
    void endsWhenTheSourceGivesTwentyInARowNotAndLeavesAllAsItIs() throws Exception {
        var before = IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1));
        var vanishing = new ArrayList<Path>();
        for (var i = 0; i < 25; i++) {
            write(i, 1999, "Changed now.", "Number %d.".formatted(i));
            vanishing.add(folder.resolve("data/d%d.md".formatted(i)));
        }
        var specification = corpus.specification("gone", MANIFEST, List.of(), List.of(corpus.source()));
        try (var connection = corpus.connection()) {
            var run = new Ingestion(
                    specification,
                    connection,
                    declared -> new Vanishing(corpus.open(declared), vanishing),
                    purse -> model,
                    corpus.workspace(),
                    Clock.systemUTC(),
                    new StopSignal());
            assertThatThrownBy(run::run).hasMessageContaining("20 documents could not be read");
        }
        var report = corpus.ledger("run-gone");
        assertThat(report.path("failure").path("reason").asText()).isEqualTo(FailureReason.SourceUnreachable.name());
        assertThat(report.path("counts").path("deleted").asInt()).isZero();
        assertThat(before.documents()).hasSize(30);
        assertThat(IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1)))
                .isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-g1", "-g1-manifest", "-ledger"})
    void writesToNoIndexThatWasDeletedMeanwhile(String deleted) throws Exception {
        write(7, 1999, "Changed now.", "Seven.");
        var index = "/" + corpus.names().alias() + deleted;
        var specification = corpus.specification("late", MANIFEST, List.of(), List.of(corpus.source()));
        try (var connection = corpus.connection()) {
            var run = new Ingestion(
                    specification,
                    connection,
                    corpus::open,
                    purse -> {
                        connection.send("DELETE", index, null);
                        return model;
                    },
                    corpus.workspace(),
                    Clock.systemUTC(),
                    new StopSignal());
            assertThatThrownBy(run::run)
                    .isInstanceOfSatisfying(
                            IndexException.class,
                            e -> assertThat(e.reason()).isEqualTo(FailureReason.GenerationMissing));
            assertThat(connection.send("GET", index, null).status()).isEqualTo(404);
        }
    }

    @Test
    void saysThatAPrivilegeIsLacking() throws Exception {
        write(7, 1999, "Changed now.", "Seven.");
        proxy.disturb(
                call -> call.isTo("_bulk"),
                1,
                new Disturbance.Refuse(
                        200,
                        "{\"errors\":true,\"items\":[{\"index\":{\"status\":403,\"error\":{\"type\":\"security_exception\",\"reason\":\"action is unauthorized\"}}}]}"));
        assertThatThrownBy(() -> corpus.run("forbidden", MANIFEST, List.of()))
                .isInstanceOfSatisfying(
                        IndexException.class,
                        e -> assertThat(e.reason()).isEqualTo(FailureReason.ElasticsearchUnauthorized))
                .hasMessageContaining("action is unauthorized");
    }

    @Test
    void doesNotWaitForADiskThatIsFull() throws Exception {
        write(7, 1999, "Changed now.", "Seven.");
        proxy.disturb(
                call -> call.isTo("_bulk"),
                1,
                new Disturbance.Refuse(
                        200,
                        "{\"errors\":true,\"items\":[{\"index\":{\"status\":429,\"error\":{\"type\":\"cluster_block_exception\",\"reason\":\"disk usage exceeded flood-stage watermark\"}}}]}"));
        assertThatThrownBy(() -> corpus.run("full", MANIFEST, List.of()))
                .isInstanceOfSatisfying(
                        IndexException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.DiskWatermark));
    }

    @Test
    void keepsTheOtherSourcesInStepWhenOneCannotBeListed() throws Exception {
        write(7, 1999, "Changed now.", "Seven.");
        var gone = new dev.concordance.manifest.SourceManifest(
                "gone",
                new dev.concordance.manifest.SourceManifest.Volume("data", "missing"),
                List.of(),
                List.of(),
                null,
                null);
        var specification = corpus.specification("partly", MANIFEST, List.of(), List.of(gone, corpus.source()));
        try (var connection = corpus.connection()) {
            var run = new Ingestion(
                    specification,
                    connection,
                    corpus::open,
                    purse -> model,
                    corpus.workspace(),
                    Clock.systemUTC(),
                    new StopSignal());
            assertThatThrownBy(run::run).isInstanceOf(SourceException.class);
        }
        assertThat(corpus.ledger("run-partly").path("counts").path("updated").asInt())
                .isEqualTo(1);
    }

    @Test
    void tellsHowItStandsWhileItListsAndWhileItLoadsTheModel() throws Exception {
        write(7, 1999, "Changed now.", "Seven.");
        var specification = corpus.specification("slow", MANIFEST, List.of(), List.of(corpus.source()));
        try (var connection = corpus.connection()) {
            new Ingestion(
                            specification,
                            connection,
                            declared -> {
                                awaitThreeReports("Listing");
                                return corpus.open(declared);
                            },
                            purse -> {
                                awaitThreeReports("Indexing");
                                return model;
                            },
                            corpus.workspace(),
                            Clock.systemUTC(),
                            new StopSignal())
                    .run();
        }
        assertThat(corpus.ledger("run-slow").path("phase").asText()).isEqualTo("Succeeded");
    }

    private void awaitThreeReports(String phase) {
        proxy.forget();
        var end = Instant.now().plus(REPORT_INTERVAL.multipliedBy(3));
        while (proxy.count(call ->
                        call.path().endsWith("/_doc/run-slow") && call.method().equals("PUT"))
                < 3) {
            assertThat(Instant.now()).as("three reports of " + phase).isBefore(end);
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(corpus.ledger("run-slow").path("phase").asText()).isEqualTo(phase);
    }

    private List<ElasticsearchCall.Write> documentWrites() {
        return proxy.writes().stream()
                .filter(write -> !write.index().equals(corpus.names().ledger()))
                .filter(write -> !write.id().equals(Tracer.KEY))
                .toList();
    }

    private long tracerWrites() {
        return proxy.writes().stream()
                .filter(write -> write.id().equals(Tracer.KEY))
                .count();
    }

    private long refreshes() {
        return proxy.count(call -> call.isTo("/_refresh") || call.query().contains("refresh=true"));
    }

    private void write(int number, int year, String first, String second) throws IOException {
        corpus.write(
                "d%d.md".formatted(number),
                "---\nyear: %d\n---\n# Title %d\n\n%s\n\n## Below\n\n%s\n".formatted(year, number, first, second));
    }

    /** A volume from which files vanish after they were listed. */
    private record Vanishing(Source source, List<Path> files) implements SourceInPlaceOf {
        @Override
        public void fetch(Iterator<Entry> entries) {
            try {
                for (var file : files) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private record Counting(Embedder model, AtomicInteger embeds) implements ModelInPlaceOf {
        @Override
        public float[] embed(Role role, String text) {
            embeds.incrementAndGet();
            return model.embed(role, text);
        }
    }
}
