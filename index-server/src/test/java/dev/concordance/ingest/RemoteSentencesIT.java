package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.embedding.Embedders;
import dev.concordance.embedding.ModelException;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.localcluster.servers.EmbeddingEndpoint;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.ErasureOrder;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.Tombstone;
import dev.concordance.manifest.Tombstone.NamedDocument;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.NoModel;
import dev.concordance.testing.RemoteModels;
import dev.concordance.testing.SharedNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Documents that are cut by their meaning, which an endpoint tells. */
class RemoteSentencesIT {
    private static final Instant NOVEMBER = Instant.parse("2026-11-26T12:00:00Z");
    private static final int SENTENCES = 30;

    private EmbeddingEndpoint endpoint;
    private RemoteModel model;
    private Corpora corpus;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeACorpus(TestInfo test) throws IOException {
        endpoint = EmbeddingEndpoint.start();
        model = RemoteModels.openAi(endpoint);
        corpus = new Corpora(
                SharedNode.url(),
                new NoModel(),
                Corpora.volume("files", null),
                Files.createDirectories(folder.resolve("data")),
                folder.resolve("work"),
                new IndexNames(
                        "cc", test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT), "sentences"));
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    @Test
    void asksForAsManySentencesAtOnceAsTheModelTakes() throws IOException {
        corpus.write("long.md", sentences(SENTENCES));
        corpus.create(manifest());
        run("first");
        var texts = endpoint.texts();
        assertThat(texts).hasSizeGreaterThan(SENTENCES).doesNotHaveDuplicates();
        var full = texts.size() / RemoteModels.LIMITS.inputsPerRequest();
        assertThat(endpoint.asked()).as("of sentences, and of passages").hasSizeLessThanOrEqualTo(full + 4);
    }

    @Test
    void asksForNoSentenceTwice() throws IOException {
        corpus.write("long.md", sentences(SENTENCES));
        corpus.create(manifest());
        run("first");
        var asked = endpoint.texts();
        endpoint.forget();
        corpus.write("long.md", sentences(SENTENCES) + "One more has come.");
        run("changed");
        assertThat(endpoint.texts())
                .anySatisfy(text -> assertThat(text).endsWith("One more has come."))
                .doesNotContainAnyElementsOf(asked)
                .hasSizeLessThan(SENTENCES / 2);
        endpoint.forget();
        corpus.create(manifest(2));
        var rebuild = corpus.specification("rebuild", manifest(2), List.of(), List.of(corpus.source()));
        assertThat(run(rebuild).embedded()).isZero();
        assertThat(endpoint.texts()).isEmpty();
    }

    @Test
    void leavesNoVectorOfAnErasedDocumentsSentences() throws IOException {
        corpus.write("erased.md", sentences(SENTENCES));
        corpus.create(manifest());
        run("first");
        assertThat(keptVectors()).isGreaterThan(SENTENCES);
        var named =
                new Tombstone("uid", List.of(), List.of(new NamedDocument("erased.md", "files")), List.of(), List.of());
        corpus.erase("erase", manifest(), new ErasureOrder(named, 100));
        assertThat(keptVectors()).isZero();
    }

    @Test
    void findsByItsWordsWhatTheModelRefuses() throws IOException {
        corpus.write("poisoned.md", sentences(6) + "A poison pill is among them. " + sentences(3));
        corpus.create(manifest());
        endpoint.refuse(text -> text.contains("poison"));
        var counts = run("first");
        assertThat(counts.added()).isEqualTo(1);
        assertThat(counts.quarantined()).isZero();
        assertThat(counts.pendingEmbeddings()).isPositive();
        assertThat(texts()).contains("A poison pill is among them.");
        endpoint.refuse(text -> false);
        assertThat(run("second").pendingEmbeddings()).isZero();
    }

    @Test
    void removesWhatHasGoneThoughNothingCanBePaidFor() throws IOException {
        model = RemoteModels.priced(model, "1000000", "120");
        corpus.write("old.md", "This goes.");
        corpus.create(manifest());
        run("first");
        Files.delete(folder.resolve("data/old.md"));
        corpus.write("long.md", sentences(SENTENCES));
        assertThatThrownBy(() -> run("poor"))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.BudgetExhausted));
        assertThat(snapshot().documents()).isEmpty();
    }

    private static String sentences(int count) {
        return IntStream.range(0, count)
                .mapToObj("Sentence number %d tells of its own things. "::formatted)
                .collect(Collectors.joining());
    }

    private String texts() {
        return snapshot().documents().toString();
    }

    private IndexSnapshot snapshot() {
        return IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1));
    }

    private GenerationManifest manifest() {
        return manifest(1);
    }

    private GenerationManifest manifest(int generation) {
        return Guides.with(Corpora.manifest(generation, new Chunking.Semantic(64, 8, 80, "")), model);
    }

    private long keptVectors() {
        try (var connection = corpus.connection()) {
            var index = "/" + corpus.names().embeddings(model.digest());
            connection.send("POST", index + "/_refresh", null);
            return connection
                    .send("GET", index + "/_count", null)
                    .json()
                    .path("count")
                    .asLong();
        }
    }

    private Counts run(String run) {
        return run(corpus.specification(run, manifest(), List.of(), List.of(corpus.source())));
    }

    private Counts run(RunSpecification specification) {
        try (var connection = corpus.connection()) {
            return new Ingestion(
                            specification,
                            connection,
                            corpus::open,
                            purse -> Embedders.open(model, ModelFiles.bundledOnly(), purse),
                            corpus.workspace(),
                            Clock.fixed(NOVEMBER, ZoneOffset.UTC),
                            new StopSignal())
                    .run();
        }
    }
}
