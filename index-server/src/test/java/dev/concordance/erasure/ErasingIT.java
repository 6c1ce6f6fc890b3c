package dev.concordance.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.elasticsearch.ElasticsearchException;
import dev.concordance.embedding.Embedder;
import dev.concordance.http.VirtualTime;
import dev.concordance.index.IndexException;
import dev.concordance.localcluster.servers.ElasticsearchCall;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.EmbeddingCache;
import dev.concordance.manifest.ErasureDigest;
import dev.concordance.manifest.ErasureOrder;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification.DeletionGuard;
import dev.concordance.manifest.Tombstone;
import dev.concordance.manifest.Tombstone.NamedDocument;
import dev.concordance.manifest.Tombstones;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an Erasure covers is nowhere any more, comes back by no way, and all else is as it was. */
class ErasingIT {
    private static final String UID = "0d1c0f5e-64a6-4b0c-9d3a-0c2a4f6b8e10";
    private static final GenerationManifest FIRST = manifest(1);
    private static final GenerationManifest SECOND = manifest(2);
    private static final Embedder MODEL = SmallModel.get();
    private static final String SUBJECT =
            "---\ncustomer: 4711\n---\n# Contract\n\nJane Roe rents the blue house.\n\n## Rent\n\nShe pays on Fridays.\n";

    /** With {@code -Dconcordance.calls.between.deaths=1} a run dies at each of its requests. */
    private static final int CALLS_BETWEEN_DEATHS = Integer.getInteger("concordance.calls.between.deaths", 4);

    @TempDir
    private Path folder;

    private Corpora corpus;
    private int runs;

    @BeforeEach
    void indexTwoGenerations() throws IOException {
        corpus = Corpora.in(folder, SharedNode.url(), MODEL, null);
        corpus.create(FIRST);
        corpus.create(SECOND);
        corpus.write("subject.md", SUBJECT);
        corpus.write("other.md", "---\ncustomer: 12\n---\n# Contract\n\nJohn Doe rents the red house.\n");
        corpus.write("plain.md", "# Plain\n\nNobody in particular.\n");
        sync(FIRST, Tombstones.NONE);
        sync(SECOND, Tombstones.NONE);
    }

    @Test
    void takesADocumentOutOfEveryGenerationAndOutOfTheSharedVectors() throws IOException {
        var hashes = textHashes("subject.md");
        assertThat(hashes)
                .hasSize(2)
                .allSatisfy(hash -> assertThat(isKept(hash)).isTrue());

        var counts = erase(byId("subject.md"));

        assertThat(counts.deleted()).isEqualTo(1);
        for (var generation : List.of(1, 2)) {
            assertThat(documents(generation)).containsExactlyInAnyOrder("other.md", "plain.md");
        }
        assertThat(hashes).noneSatisfy(hash -> assertThat(isKept(hash)).isTrue());
        var report = report();
        assertThat(report.matched()).isEqualTo(1);
        assertThat(report.pending()).isNull();
        assertThat(report.stores())
                .extracting(ErasureReport.Store::documents, ErasureReport.Store::passages, ErasureReport.Store::vectors)
                .containsExactly(tuple(1L, 2L, 0L), tuple(1L, 2L, 0L), tuple(0L, 0L, 2L));
        assertThat(search().texts()).isEqualTo(2);
        assertThat(search().vectors()).isEqualTo(1);
        assertThat(search().sameText()).isZero();
        assertThat(report.indexes()).hasSize(4);
        assertThat(search().generations()).containsExactly(searched(1, 2, 1), searched(2, 2, 1));
    }

    @Test
    void keepsNothingOfWhatADocumentSaidNotEvenByWhatItsSourceTellsItsState() throws IOException {
        erase(byId("subject.md"));
        assertThat(changeKeys()).containsExactly("");
        corpus.write("subject.md", SUBJECT + "More.\n");
        var held = Tombstones.of(List.of(byId("subject.md")
                .with(report().documents().stream()
                        .map(ErasureReport.Erased::key)
                        .distinct()
                        .toList())));
        assertThat(sync(FIRST, held).updated()).isZero();
        assertThat(changeKeys()).containsExactly("");
    }

    private List<String> changeKeys() {
        var manifest = corpus.names().manifest(1);
        return send("POST", "/" + manifest + "/_search?q=state:Erased", null)
                .path("hits")
                .path("hits")
                .valueStream()
                .map(hit -> hit.path("_source").path("changeKey").asText())
                .toList();
    }

    @Test
    void claimsNoSearchByTextOrVectorInAGenerationThatCameLater() throws IOException {
        var tombstone = new Tombstone(UID, List.of(), List.of(), List.of(), List.of(Map.of("customer", "4711")));
        erase(tombstone);
        corpus.create(manifest(3));
        sync(manifest(3), Tombstones.of(List.of(tombstone.with(keys()))));
        erase(tombstone);
        assertThat(report().indexes()).hasSize(6);
        assertThat(search().generations()).containsExactly(searched(1, 2, 1), searched(2, 2, 1), searched(3, 0, 0));

        // What is found there is searched for everywhere.
        var covered = passage(3, "other.md")
                .put("documentKey", "ff00112233445566778899aabbccddee")
                .put("textHash", "another");
        covered.putObject("metadata").put("customer", "4711");
        put(3, "covered", covered);
        erase(tombstone);

        assertThat(documents(3)).containsExactlyInAnyOrder("other.md", "plain.md");
        assertThat(search().generations()).containsExactly(searched(1, 3, 2), searched(2, 3, 2), searched(3, 1, 1));
        assertThat(search().texts()).isEqualTo(3);
        assertThat(search().vectors()).isEqualTo(2);
    }

    @Test
    void tellsDigestsAndNeitherIdsNorTexts() {
        var hashes = textHashes("subject.md");
        erase(byId("subject.md"));
        var json = corpus.ledger(ErasureReport.id(UID)).toString();
        assertThat(json).doesNotContain("subject.md", "Jane", "Roe", "4711").doesNotContain(hashes);
        assertThat(report().documents()).singleElement().satisfies(document -> {
            assertThat(document.document()).isEqualTo(ErasureDigest.of(UID, document.key()));
            assertThat(document.content())
                    .isEqualTo(ErasureDigest.of(
                            UID, String.join("\n", hashes.stream().sorted().toList())));
        });
    }

    @Test
    void tellsSinceWhenThereWasNothingToEraseAsASnapshotMayHoldIt() {
        erase(byId("went-before.md"));
        var since = report().erasedAt();
        assertThat(report().documents()).isEmpty();
        assertThat(since).isNotNull();
        erase(byId("went-before.md"));
        assertThat(report().erasedAt()).isEqualTo(since);
    }

    @Test
    void findsDocumentsByUriAndByMetadata() throws IOException {
        erase(new Tombstone(
                UID,
                List.of(),
                List.of(),
                List.of("https://example.org/plain.md"),
                List.of(Map.of("customer", "4711"))));
        assertThat(documents(1)).containsExactly("other.md");
        assertThat(documents(2)).containsExactly("other.md");
        assertThat(report().matched()).isEqualTo(2);
    }

    @Test
    void neverIndexesAgainWhatIsCovered() throws IOException {
        var tombstone = new Tombstone(UID, List.of(), List.of(), List.of(), List.of(Map.of("customer", "4711")));
        erase(tombstone);
        var kept = Tombstones.of(List.of(tombstone.with(keys())));

        assertThat(sync(FIRST, kept).skipped()).isEqualTo(1);
        corpus.write("late.md", "---\ncustomer: 4711\n---\n# Late\n\nJane Roe again.\n");
        corpus.write("subject.md", "# Contract\n\nJane Roe, without a number.\n");
        sync(FIRST, kept);
        corpus.create(manifest(3));
        sync(manifest(3), kept);

        assertThat(documents(1)).containsExactlyInAnyOrder("other.md", "plain.md");
        assertThat(documents(3)).containsExactlyInAnyOrder("other.md", "plain.md");
        assertThat(sync(FIRST, kept).embedded()).isZero();
    }

    @Test
    void bringsItBackWhenItsErasureHasGone() throws IOException {
        var before = IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1));
        var tombstone = byId("subject.md");
        erase(tombstone);
        sync(FIRST, Tombstones.of(List.of(tombstone.with(keys()))));
        forget();

        var counts = sync(FIRST, Tombstones.NONE);

        assertThat(counts.added()).isEqualTo(1);
        assertThat(IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1)))
                .isEqualTo(before);
    }

    @Test
    void letsNoRunWriteThatWasSpecifiedBefore() throws IOException {
        erase(byId("subject.md"));
        assertThatThrownBy(() -> sync(FIRST, Tombstones.NONE))
                .isInstanceOfSatisfying(
                        IndexException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.Superseded));
        assertThat(documents(1)).containsExactlyInAnyOrder("other.md", "plain.md");
    }

    @Test
    void isNotHeldUpByTheDeletionGuard() throws IOException {
        var tombstone = byId("subject.md");
        var specification = Corpora.without(
                corpus.specification("guarded", FIRST, List.of(), List.of(corpus.source())),
                Tombstones.of(List.of(tombstone)));
        corpus.run(Corpora.guarded(specification, new DeletionGuard(0, 1, null, 1)));
        assertThat(documents(1)).containsExactlyInAnyOrder("other.md", "plain.md");
    }

    @Test
    void erasesNothingOfMoreThanItMay() throws IOException {
        var before = IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1));
        var all = new Tombstone(
                UID, List.of(), List.of(), List.of(), List.of(Map.of("customer", "4711"), Map.of("customer", "12")));
        assertThatThrownBy(() -> corpus.erase("many", FIRST, new ErasureOrder(all, 1)))
                .isInstanceOfSatisfying(
                        ErasureException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.TooManyDocuments))
                .hasMessage("2 documents are covered, more than the 1 that may be erased; nothing was erased");
        assertThat(IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1)))
                .isEqualTo(before);
        assertThat(report().refused()).isTrue();
        assertThat(report().matched()).isEqualTo(2);

        corpus.erase("approved", FIRST, new ErasureOrder(all, 2));

        assertThat(documents(1)).containsExactly("plain.md");
        assertThat(report().refused()).isFalse();
    }

    @Test
    void tellsHowOftenOthersSayTheSame() throws IOException {
        corpus.write("copy.md", SUBJECT.replace("4711", "12"));
        sync(FIRST, Tombstones.NONE);
        erase(byId("subject.md"));
        assertThat(documents(1)).contains("copy.md").doesNotContain("subject.md");
        assertThat(search().sameText()).isEqualTo(2);
    }

    @Test
    void givesTheSameAccountWhereverARunDies() throws IOException {
        erase(byId("subject.md"));
        var undisturbed = report();
        var died = 0;
        for (var calls = 1; ; calls += CALLS_BETWEEN_DEATHS) {
            indexAgain();
            if (!isUndisturbed(calls)) {
                died++;
                erase(byId("subject.md"));
            }
            assertThat(documents(1)).containsExactlyInAnyOrder("other.md", "plain.md");
            assertThat(documents(2)).containsExactlyInAnyOrder("other.md", "plain.md");
            var report = report();
            assertThat(report.documents()).as("died at call %d", calls).isEqualTo(undisturbed.documents());
            assertThat(report.stores().stream().filter(store -> store.vectors() == 0))
                    .as("died at call %d", calls)
                    .extracting(ErasureReport.Store::documents, ErasureReport.Store::passages)
                    .containsExactly(tuple(1L, 2L), tuple(1L, 2L));
            assertThat(search())
                    .as("died at call %d", calls)
                    .usingRecursiveComparison()
                    .ignoringFields("at")
                    .isEqualTo(undisturbed.search());
            assertThat(report.pending()).isNull();
            if (died * CALLS_BETWEEN_DEATHS < calls) {
                break;
            }
        }
        assertThat(died * CALLS_BETWEEN_DEATHS).isGreaterThan(20);
    }

    @Test
    void erasesTheSameWhereElasticsearchRefusesEachRequestOnce() throws IOException {
        erase(byId("subject.md"));
        var undisturbed = report();
        indexAgain();
        var seen = ConcurrentHashMap.<ElasticsearchCall>newKeySet();
        try (var proxy = RecordingProxy.start(SharedNode.url());
                var connection = corpus.through(proxy.url()).connection().patient(new VirtualTime())) {
            proxy.disturb(seen::add, Integer.MAX_VALUE, Disturbance.Refuse.with(429));
            corpus.erase(connection, "busy", FIRST, new ErasureOrder(byId("subject.md"), 100));
        }
        assertThat(seen).hasSizeGreaterThan(30);
        assertThat(report().documents()).isEqualTo(undisturbed.documents());
        assertThat(report().stores())
                .extracting(ErasureReport.Store::documents, ErasureReport.Store::passages)
                .startsWith(tuple(1L, 2L), tuple(1L, 2L));
        assertThat(report().indexes()).isEqualTo(undisturbed.indexes());
        for (var generation : List.of(1, 2)) {
            assertThat(documents(generation)).containsExactlyInAnyOrder("other.md", "plain.md");
        }
    }

    @Test
    void isNotVerifiedWhereADeletionWasLostUntilItIsDoneAgain() throws IOException {
        try (var proxy = RecordingProxy.start(SharedNode.url())) {
            proxy.disturb(
                    call -> call.isTo(corpus.names().generation(2) + "/_bulk"),
                    1,
                    new Disturbance.Refuse(200, "{\"errors\":false}"));
            isIncomplete(proxy, "a neighbour of what was erased was still found in generation 2");
        }
        assertThat(documents(2)).as("what was lost").contains("subject.md");
        assertThat(report().erasedAt()).isNull();
        assertThat(report().indexes()).isEmpty();
        isErasedByTheNextRun();
    }

    @Test
    void isNotVerifiedWherePassagesAreFoundByTheirTextAlone() throws IOException {
        findsACopy(
                copy -> {
                    copy.remove("vector");
                    copy.put("pendingEmbedding", true);
                },
                "a passage of what was erased was still found in generation 1");
    }

    @Test
    void isNotVerifiedWherePassagesAreFoundByTheirVectorAlone() throws IOException {
        findsACopy(
                copy -> copy.put("textHash", "another"),
                "a neighbour of what was erased was still found in generation 1");
    }

    @Test
    void isNotVerifiedWherePassagesAreFoundByTheirIdAlone() throws IOException {
        findsACopy(
                copy -> {
                    copy.remove("vector");
                    copy.put("pendingEmbedding", true);
                    copy.remove("textHash");
                },
                "a document of what was erased was still found in "
                        + corpus.names().generation(1));
    }

    @Test
    void takesOutAPassageThatTheModelHasRefused() {
        var refused = passage(1, "subject.md");
        refused.put("pendingEmbedding", true).remove(List.of("textHash", "vector"));
        put(1, "refused", refused);
        erase(byId("subject.md"));
        assertThat(documents(1)).containsExactlyInAnyOrder("other.md", "plain.md");
        assertThat(search().texts()).isEqualTo(2);
    }

    @Test
    void erasesMoreThanABatchWhereverItWasBegunWith() throws IOException {
        for (var number = 0; number < 60; number++) {
            corpus.write("many-%d.md".formatted(number), SUBJECT);
        }
        indexAgain();
        var tombstone = new Tombstone(UID, List.of(), List.of(), List.of(), List.of(Map.of("customer", "4711")));
        try (var proxy = RecordingProxy.start(SharedNode.url())) {
            proxy.disturb(
                    call -> call.isTo(corpus.names().generation(1) + "/_bulk"),
                    Integer.MAX_VALUE,
                    new Disturbance.Refuse(200, "{\"errors\":false}"));
            assertThatThrownBy(() -> corpus.through(proxy.url()).erase("lost", FIRST, new ErasureOrder(tombstone, 100)))
                    .isInstanceOf(ErasureException.class);
        }
        // In their order it is before all others.
        put(1, "first", passage(1, "subject.md").put("documentKey", "00000000000000000000000000000000"));
        erase(tombstone);
        assertThat(documents(1)).containsExactlyInAnyOrder("other.md", "plain.md");
        assertThat(search().documents()).isEqualTo(62);
        assertThat(search().sameText()).isZero();
        var before = corpus.ledger(ErasureReport.id(UID));

        // All of them are in an index again, as if somebody had restored it.
        indexAgain();
        send("PUT", "/" + corpus.names().ledger() + "/_doc/" + ErasureReport.id(UID), before.toString());
        erase(tombstone);

        assertThat(documents(1)).containsExactlyInAnyOrder("other.md", "plain.md");
        assertThat(search().sameText()).isZero();
    }

    /** Somebody copies a passage of what is erased, after it was taken out and before it is searched for. */
    private void findsACopy(Consumer<ObjectNode> change, String said) throws IOException {
        var copy = passage(1, "subject.md");
        change.accept(copy);
        try (var proxy = RecordingProxy.start(SharedNode.url())) {
            var deletions = new AtomicInteger();
            proxy.disturb(
                    call -> {
                        if (call.isTo(corpus.names().generation(1) + "/_bulk")) {
                            deletions.incrementAndGet();
                        } else if (call.isTo("/_refresh") && deletions.getAndSet(0) > 0) {
                            put(1, "copy", copy);
                        }
                        return false;
                    },
                    1,
                    new Disturbance.Disconnect(false));
            isIncomplete(proxy, said);
        }
        assertThat(documents(1)).contains("subject.md");
        assertThat(report().indexes()).isEmpty();
        isErasedByTheNextRun();
    }

    /** One of a document as it could be written again. */
    private ObjectNode passage(int generation, String document) {
        var query = "{\"size\":1,\"query\":{\"term\":{\"documentId\":\"" + document + "\"}},\"fields\":[\"vector\"]}";
        var hit = hits(corpus.names().generation(generation), query).getFirst();
        var passage = (ObjectNode) hit.path("_source");
        passage.set("vector", hit.path("fields").path("vector"));
        return passage;
    }

    private void put(int generation, String id, ObjectNode passage) {
        send("PUT", "/" + corpus.names().generation(generation) + "/_doc/" + id + "?routing=" + id, passage.toString());
    }

    private void isIncomplete(RecordingProxy proxy, String said) {
        assertThatThrownBy(() -> corpus.through(proxy.url())
                        .erase("incomplete", FIRST, new ErasureOrder(byId("subject.md"), 100)))
                .isInstanceOfSatisfying(
                        ErasureException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.ErasureIncomplete))
                .hasMessageContaining(said);
        var failure = corpus.ledger("run-incomplete").path("failure");
        assertThat(failure.path("reason").asText()).isEqualTo("ErasureIncomplete");
        assertThat(failure.path("retryable").asBoolean()).isTrue();
    }

    private void isErasedByTheNextRun() {
        erase(byId("subject.md"));
        for (var generation : List.of(1, 2)) {
            assertThat(documents(generation)).containsExactlyInAnyOrder("other.md", "plain.md");
        }
        assertThat(report().pending()).isNull();
        assertThat(report().erasedAt()).isNotNull();
        assertThat(report().indexes()).hasSize(4);
    }

    @Test
    void erasesAgainWhatASnapshotBringsBack() throws IOException {
        var repository = corpus.names().corpus();
        send("PUT", "/_snapshot/" + repository, "{\"type\":\"fs\",\"settings\":{\"location\":\"" + repository + "\"}}");
        var indexes = corpus.names().generation(1) + "," + corpus.names().manifest(1);
        send(
                "PUT",
                "/_snapshot/" + repository + "/before?wait_for_completion=true",
                "{\"indices\":\"" + indexes + "\",\"include_global_state\":false}");
        var tombstone = new Tombstone(UID, List.of(), List.of(), List.of(), List.of(Map.of("customer", "4711")));
        erase(tombstone);
        var before = report();
        send("DELETE", "/" + indexes, null);
        send("POST", "/_snapshot/" + repository + "/before/_restore?wait_for_completion=true", "{}");
        assertThat(documents(1)).contains("subject.md");

        // A sync knows it by its key, though its source says nothing new.
        sync(FIRST, Tombstones.of(List.of(tombstone.with(keys()))));
        assertThat(documents(1)).containsExactlyInAnyOrder("other.md", "plain.md");

        send("DELETE", "/" + indexes, null);
        send("POST", "/_snapshot/" + repository + "/before/_restore?wait_for_completion=true", "{}");
        erase(tombstone);

        assertThat(documents(1)).containsExactlyInAnyOrder("other.md", "plain.md");
        var after = report();
        assertThat(after.indexes()).isNotEqualTo(before.indexes());
        assertThat(after.documents()).isEqualTo(before.documents());
        assertThat(after.stores().stream()
                        .filter(store -> store.index().equals(corpus.names().generation(1))))
                .hasSize(2);
    }

    @Test
    void writesNothingToAnIndexWhereThereIsNothingToErase() throws IOException {
        erase(byId("subject.md"));
        try (var proxy = RecordingProxy.start(SharedNode.url())) {
            corpus.through(proxy.url()).erase("again", FIRST, new ErasureOrder(byId("subject.md"), 100));
            assertThat(proxy.writes())
                    .allSatisfy(write ->
                            assertThat(write.index()).isEqualTo(corpus.names().ledger()));
        }
    }

    /** Puts the corpus back to where nothing was erased. */
    private void indexAgain() throws IOException {
        forget();
        sync(FIRST, Tombstones.NONE);
        sync(SECOND, Tombstones.NONE);
    }

    /** As the operator does when an Erasure goes. */
    private void forget() {
        send("DELETE", "/" + corpus.names().ledger() + "/_doc/" + ErasureReport.id(UID), null);
    }

    /** Whether a run ends well of which no more requests than these arrive. */
    private boolean isUndisturbed(int calls) {
        try (var proxy = RecordingProxy.start(SharedNode.url())) {
            var seen = new AtomicInteger();
            proxy.disturb(
                    call -> !call.path().contains("/_doc/run-") && seen.incrementAndGet() > calls,
                    Integer.MAX_VALUE,
                    new Disturbance.Disconnect(true));
            corpus.through(proxy.url()).erase("disturbed-" + calls, FIRST, new ErasureOrder(byId("subject.md"), 100));
            return true;
        } catch (ElasticsearchException unreachable) {
            return false;
        }
    }

    /** Whose vectors corpora share. */
    private static GenerationManifest manifest(int generation) {
        var given = Corpora.manifest(generation);
        return Guides.with(given, BundledModel.ALL_MINILM_L6_V2_Q.manifest().with(new EmbeddingCache(3, 1_000_000)));
    }

    private static Tombstone byId(String id) {
        return new Tombstone(UID, List.of(), List.of(new NamedDocument(id, "files")), List.of(), List.of());
    }

    private Counts erase(Tombstone tombstone) {
        return corpus.erase("erase-" + ++runs, FIRST, new ErasureOrder(tombstone, 100));
    }

    private Counts sync(GenerationManifest manifest, Tombstones tombstones) {
        var given = corpus.specification("sync-" + ++runs, manifest, List.of(), List.of(corpus.source()));
        return corpus.run(Corpora.without(given, tombstones));
    }

    private List<String> keys() {
        return report().documents().stream()
                .map(ErasureReport.Erased::key)
                .distinct()
                .toList();
    }

    private ErasureReport report() {
        try {
            return ManifestJson.mapper().treeToValue(corpus.ledger(ErasureReport.id(UID)), ErasureReport.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ErasureReport.Searched searched(int generation, long texts, long vectors) {
        var index = corpus.names().generation(generation);
        return new ErasureReport.Searched(index, report().indexes().getOrDefault(index, "missing"), texts, vectors);
    }

    private ErasureReport.Search search() {
        return Objects.requireNonNull(report().search());
    }

    /** Ids of documents that have passages. */
    private List<String> documents(int generation) {
        var passages = "{\"size\":100,\"query\":{\"exists\":{\"field\":\"documentId\"}}}";
        return hits(corpus.names().generation(generation), passages).stream()
                .map(hit -> hit.path("_source").path("documentId").asText())
                .distinct()
                .toList();
    }

    private List<String> textHashes(String id) {
        return hits(corpus.names().generation(1), "{\"size\":100,\"query\":{\"term\":{\"documentId\":\"" + id + "\"}}}")
                .stream()
                .map(hit -> hit.path("_source").path("textHash").asText())
                .toList();
    }

    private boolean isKept(String hash) {
        var index = corpus.names().embeddings(FIRST.model().digest());
        return send("GET", "/" + index + "/_doc/" + hash, null).path("found").asBoolean();
    }

    private List<JsonNode> hits(String index, String query) {
        send("POST", "/" + index + "/_refresh", null);
        return List.copyOf(send("POST", "/" + index + "/_search", query)
                .path("hits")
                .path("hits")
                .valueStream()
                .toList());
    }

    private JsonNode send(String method, String path, @Nullable String body) {
        try (var connection = corpus.connection()) {
            return connection
                    .send(method, path, body == null ? null : body.getBytes(StandardCharsets.UTF_8))
                    .json();
        }
    }
}
