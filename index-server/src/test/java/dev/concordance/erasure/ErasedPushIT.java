package dev.concordance.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.elasticsearch.ElasticsearchException;
import dev.concordance.embedding.Embedder;
import dev.concordance.inbox.Condition;
import dev.concordance.index.IndexException;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.ErasureOrder;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Tombstone;
import dev.concordance.manifest.Tombstone.NamedDocument;
import dev.concordance.manifest.Tombstones;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.TestInbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an Erasure covers isn't in the inbox any more either, which is the only place that pushed documents come from. */
class ErasedPushIT {
    private static final String UID = "0d1c0f5e-64a6-4b0c-9d3a-0c2a4f6b8e10";
    private static final GenerationManifest MANIFEST = Corpora.manifest(1);
    private static final Embedder MODEL = SmallModel.get();
    private static final Condition ANY = new Condition.None();
    private static final String SUBJECT = "---\ncustomer: 4711\n---\n# Contract\n\nJane Roe rents the blue house.\n";
    private static final Tombstone BY_METADATA =
            new Tombstone(UID, List.of(), List.of(), List.of(), List.of(Map.of("customer", "4711")));

    @TempDir
    private Path folder;

    private Corpora corpus;
    private TestInbox pushed;
    private int runs;

    @BeforeEach
    void push() throws IOException {
        var files = Corpora.in(folder, SharedNode.url(), MODEL, null);
        var source = new SourceManifest(
                TestInbox.SOURCE, new SourceManifest.Push(), List.of(), List.of(), "https://example.org/{id}", null);
        corpus = new Corpora(files.elasticsearch(), MODEL, source, files.mount(), files.workspace(), files.names());
        corpus.create(MANIFEST);
        pushed = new TestInbox(corpus.connection(), corpus.names().inbox(), Clock.systemUTC()).create();
        pushed.put("subject", SUBJECT);
        pushed.put("other", "# Contract\n\nJohn Doe rents the red house.\n");
        sync(Tombstones.NONE);
        assertThat(indexed()).containsExactlyInAnyOrder("subject", "other");
    }

    @AfterEach
    void close() {
        pushed.elasticsearch().close();
    }

    @Test
    void takesOutWhatRunsHaveTakenAndWhatTheyHaveNot() {
        pushed.put("late", "---\ncustomer: [12, 4711]\n---\nJane Roe moves out.\n");
        pushed.put("named", "Nobody in particular.");
        pushed.put("linked", "Nobody either.");

        var counts = erase(new Tombstone(
                UID,
                List.of(),
                List.of(new NamedDocument("named", TestInbox.SOURCE)),
                List.of("https://example.org/linked"),
                List.of(Map.of("customer", "4711"))));

        assertThat(counts.deleted()).isEqualTo(4);
        assertThat(indexed()).containsExactly("other");
        assertThat(kept()).containsExactly("other");
        assertThat(report().documents()).hasSize(4);
        assertThat(report().stores())
                .extracting(ErasureReport.Store::index, ErasureReport.Store::documents, ErasureReport.Store::passages)
                .containsExactly(
                        tuple(corpus.names().inbox(), 4L, 0L),
                        tuple(corpus.names().generation(1), 1L, 1L));
        assertThat(report().indexes())
                .containsOnlyKeys(
                        corpus.names().inbox(),
                        corpus.names().generation(1),
                        corpus.names().manifest(1));
        assertThat(sync(Tombstones.of(List.of(BY_METADATA.with(keys())))).listed())
                .isEqualTo(1);
    }

    @Test
    void findsWhatIsNamedInAnySource() {
        erase(new Tombstone(UID, List.of(), List.of(new NamedDocument("subject", null)), List.of(), List.of()));
        assertThat(kept()).containsExactly("other");
        assertThat(indexed()).containsExactly("other");
    }

    @Test
    void leavesNoDigestOfWhatWasSaidAndNothingOfRequests() {
        var inbox = pushed.inbox();
        inbox.apply(List.of(TestInbox.change("subject", "Jane Roe again.", ANY, "first")));
        inbox.apply(List.of(TestInbox.change("subject", SUBJECT, ANY, "second")));
        inbox.apply(List.of(TestInbox.change("subject", SUBJECT + "More.", ANY, "third")));
        inbox.apply(List.of(TestInbox.change("other", "John Doe again.", ANY, "fourth")));
        inbox.apply(List.of(TestInbox.change("other", "John Doe moves out.", ANY, "fifth")));
        assertThat(all().filter(hit -> hit.path("_source").has("of"))).hasSize(3);

        erase(BY_METADATA);

        assertThat(all().filter(hit -> hit.path("_source").has("of"))).hasSize(1);
        assertThat(all().filter(hit -> hit.path("_source").path("id").asText().equals("subject")))
                .singleElement()
                .satisfies(mark -> {
                    assertThat(mark.path("_source").path("deleted").asBoolean()).isTrue();
                    assertThat(mark.path("_source").has("document")).isFalse();
                    assertThat(mark.path("_source").has("hash")).isFalse();
                    assertThat(mark.toString()).doesNotContain("Jane", "4711");
                });
    }

    @Test
    void keepsOutWhatIsPushedLaterAndLeavesNothingOfItInTheInbox() {
        erase(BY_METADATA);
        var held = Tombstones.of(List.of(BY_METADATA.with(keys())));
        for (var round = 0; round < 3; round++) {
            pushed.put("subject", "Jane Roe, without a number, again and again.");
            pushed.put("new", "---\ncustomer: 4711\n---\nJane Roe, under another id.\n");
            assertThat(kept()).hasSize(3);
            sync(held);
            assertThat(indexed()).containsExactly("other");
            assertThat(kept()).containsExactly("other");
        }
        assertThat(erase(BY_METADATA).deleted()).isZero();
    }

    @Test
    void leavesWhatWasPushedSinceTheErasureHasGoneThoughTheRunWasToldOfIt() {
        erase(BY_METADATA);
        var held = Tombstones.of(List.of(BY_METADATA.with(keys())));
        forget();
        pushed.put("subject", SUBJECT);
        pushed.put("new", "---\ncustomer: 4711\n---\nJane Roe, under another id.\n");

        assertThatThrownBy(() -> sync(held))
                .isInstanceOfSatisfying(
                        IndexException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.Superseded));

        assertThat(kept()).containsExactlyInAnyOrder("subject", "new", "other");
        sync(Tombstones.NONE);
        assertThat(indexed()).containsExactlyInAnyOrder("subject", "new", "other");
    }

    @Test
    void erasesAgainWhatARestoredInboxBringsBack() {
        var inbox = corpus.names().inbox();
        var repository = corpus.names().corpus();
        send("PUT", "/_snapshot/" + repository, "{\"type\":\"fs\",\"settings\":{\"location\":\"" + repository + "\"}}");
        send(
                "PUT",
                "/_snapshot/" + repository + "/before?wait_for_completion=true",
                "{\"indices\":\"" + inbox + "\",\"include_global_state\":false}");
        erase(BY_METADATA);
        var before = report().indexes();
        // In the place of a closed index, whose UUID it keeps.
        send("POST", "/" + inbox + "/_close", null);
        send("POST", "/_snapshot/" + repository + "/before/_restore?wait_for_completion=true", "{}");
        assertThat(kept()).containsExactlyInAnyOrder("subject", "other");

        assertThat(erase(BY_METADATA).deleted()).isEqualTo(1);

        assertThat(kept()).containsExactly("other");
        assertThat(report().indexes().get(inbox)).isNotEqualTo(before.get(inbox));
        assertThat(report().stores().stream()
                        .filter(store -> store.index().equals(corpus.names().inbox())))
                .hasSize(2);
    }

    @Test
    void findsWhatIsLeftOfASourceThatIsNotDeclaredAnyMore() {
        var others =
                List.of(new SourceManifest("tickets", new SourceManifest.Push(), List.of(), List.of(), null, null));

        assertThat(erase(BY_METADATA, others).deleted()).isEqualTo(1);

        assertThat(kept()).containsExactly("other");
    }

    /** As the inlet takes it: it parses no texts, and looks at no values. */
    @Test
    void goesByTheFieldsOfWhatCanNotBeParsed() {
        pushUnparsable();
        erase(BY_METADATA);
        assertThat(kept()).containsExactly("other");
    }

    @Test
    void leavesNothingInTheInboxThatItsFieldsTellOfThoughItCanNotBeParsed() {
        erase(BY_METADATA);
        pushUnparsable();
        sync(Tombstones.of(List.of(BY_METADATA.with(keys()))));
        assertThat(kept()).containsExactly("other");
        assertThat(erase(BY_METADATA).deleted()).isZero();
    }

    private void pushUnparsable() {
        var values = IntStream.rangeClosed(0, 5_000).mapToObj(String::valueOf).collect(Collectors.joining(","));
        pushed.putJson("broken", unparsable("---\\n{: [\\n---\\nWords.", "markdown", "1"));
        pushed.putJson("long", unparsable("x\\n\\n".repeat(200_001), "text", "1"));
        pushed.putJson("many", unparsable("Words.", "text", "[" + values + "]"));
        pushed.putJson("deep", unparsable("Words.", "text", "[".repeat(25) + "]".repeat(25)));
    }

    private static String unparsable(String content, String format, String more) {
        return "{\"content\":\"%s\",\"format\":\"%s\",\"metadata\":{\"customer\":4711,\"more\":%s}}"
                .formatted(content, format, more);
    }

    /** What was read has to go, and what is there by then has not. */
    @Test
    void leavesWhatWasTakenBackBeforeItWasErased() throws Exception {
        erase(BY_METADATA);
        var held = Tombstones.of(List.of(BY_METADATA.with(keys())));
        pushed.put("late", "Nobody in particular.");
        try (var proxy = RecordingProxy.start(SharedNode.url());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reading = new Disturbance.Hold();
            var erasing = new Disturbance.Hold();
            proxy.disturb(call -> call.isTo(corpus.names().inbox() + "/_mget"), 1, reading);
            proxy.disturb(call -> call.isTo(corpus.names().inbox() + "/_mget"), 1, erasing);
            var through = corpus.through(proxy.url());
            var run = threads.submit(() -> sync(through, held));
            reading.awaitCall();
            pushed.put("late", SUBJECT);
            reading.release();
            while (!erasing.isHolding() && !run.isDone()) {
                LockSupport.parkNanos(1_000_000);
            }
            pushed.put("late", "Nobody in particular.");
            erasing.release();
            run.get();
        }
        assertThat(kept()).contains("late");
        sync(held);
        assertThat(indexed()).containsExactlyInAnyOrder("late", "other");
    }

    @Test
    void keepsNoDigestOfWhatWasPushedAmongTheRecords() {
        erase(BY_METADATA);
        pushed.put("new", "---\ncustomer: 4711\n---\nJane Roe, under another id.\n");
        pushed.put("subject", SUBJECT + "More.");
        sync(Tombstones.of(List.of(BY_METADATA.with(keys()))));
        assertThat(hits(corpus.names().manifest(1)).map(hit -> hit.path("_source")))
                .filteredOn(record -> record.path("state").asText().equals("Erased"))
                .hasSize(2)
                .allSatisfy(
                        record -> assertThat(record.path("changeKey").asText()).isEmpty());
    }

    @Test
    void erasesNothingOfMoreThanItMay() {
        pushed.put("late", SUBJECT);
        var refused = false;
        try {
            corpus.erase("refused", MANIFEST, new ErasureOrder(BY_METADATA, 1), List.of(corpus.source()));
        } catch (ErasureException tooMany) {
            refused = true;
        }
        assertThat(refused).isTrue();
        assertThat(report().matched()).isEqualTo(2);
        assertThat(kept()).containsExactlyInAnyOrder("subject", "other", "late");
    }

    @Test
    void givesTheSameAccountWhereverARunDies() {
        erase(BY_METADATA);
        var undisturbed = report();
        var died = 0;
        for (var calls = 1; ; calls++) {
            forget();
            pushed.put("subject", SUBJECT);
            sync(Tombstones.NONE);
            var ended = isUndisturbed(calls);
            if (!ended) {
                died++;
                erase(BY_METADATA);
            }
            assertThat(kept()).as("died at call %d", calls).containsExactly("other");
            assertThat(indexed()).as("died at call %d", calls).containsExactly("other");
            assertThat(report().documents()).as("died at call %d", calls).isEqualTo(undisturbed.documents());
            assertThat(report().stores()).as("died at call %d", calls).isEqualTo(undisturbed.stores());
            assertThat(report().pending()).isNull();
            if (ended) {
                break;
            }
        }
        assertThat(died).isGreaterThan(20);
    }

    /** Whether a run ends well of which no more requests than these arrive. */
    private boolean isUndisturbed(int calls) {
        try (var proxy = RecordingProxy.start(SharedNode.url())) {
            var seen = new AtomicInteger();
            proxy.disturb(
                    call -> !call.path().contains("/_doc/run-") && seen.incrementAndGet() > calls,
                    Integer.MAX_VALUE,
                    new Disturbance.Disconnect(true));
            corpus.through(proxy.url())
                    .erase("died-" + calls, MANIFEST, new ErasureOrder(BY_METADATA, 100), List.of(corpus.source()));
            return true;
        } catch (ElasticsearchException unreachable) {
            return false;
        }
    }

    private Counts erase(Tombstone tombstone) {
        return erase(tombstone, List.of(corpus.source()));
    }

    private Counts erase(Tombstone tombstone, List<SourceManifest> declared) {
        return corpus.erase("erase-" + ++runs, MANIFEST, new ErasureOrder(tombstone, 100), declared);
    }

    private Counts sync(Tombstones tombstones) {
        return sync(corpus, tombstones);
    }

    private Counts sync(Corpora through, Tombstones tombstones) {
        var given = through.specification("sync-" + ++runs, MANIFEST, List.of(), List.of(corpus.source()));
        return through.run(Corpora.without(given, tombstones));
    }

    /** As the operator does when an Erasure goes. */
    private void forget() {
        send("DELETE", "/" + corpus.names().ledger() + "/_doc/" + ErasureReport.id(UID), null);
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

    /** Ids of documents that have passages. */
    private List<String> indexed() {
        return hits(corpus.names().generation(1))
                .map(hit -> hit.path("_source"))
                .filter(fields -> fields.has("documentId"))
                .map(fields -> fields.path("documentId").asText())
                .distinct()
                .toList();
    }

    /** Ids of documents of which the inbox has more than a mark. */
    private List<String> kept() {
        return all().map(hit -> hit.path("_source"))
                .filter(fields -> fields.has("document"))
                .map(fields -> fields.path("id").asText())
                .toList();
    }

    private Stream<JsonNode> all() {
        return hits(corpus.names().inbox());
    }

    private Stream<JsonNode> hits(String index) {
        send("POST", "/" + index + "/_refresh", null);
        return send("POST", "/" + index + "/_search", "{\"size\":100}")
                .path("hits")
                .path("hits")
                .valueStream();
    }

    private JsonNode send(String method, String path, @Nullable String body) {
        var sent = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
        return Objects.requireNonNull(
                pushed.elasticsearch().send(method, path, sent).json());
    }
}
