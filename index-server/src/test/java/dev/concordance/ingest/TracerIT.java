package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.index.IndexException;
import dev.concordance.index.Ledger;
import dev.concordance.index.TracerWriter;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.Tombstones;
import dev.concordance.manifest.Tracer;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What searches find of the tracer is what the ledger says, unless somebody else has touched the index; then nobody hides it. */
class TracerIT {
    private static final Embedder MODEL = SmallModel.get();
    private static final GenerationManifest MANIFEST = Corpora.manifest(1);
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    @TempDir
    private Path folder;

    private Corpora corpus;
    private int runs;

    @BeforeEach
    void indexADocument() throws IOException {
        corpus = Corpora.in(folder, SharedNode.url(), MODEL, null);
        corpus.create(MANIFEST);
        corpus.write("a.md", "# Anchors\n\nThe anchor holds the ship.\n");
        run(RunMode.Build);
    }

    @Test
    void isFoundByItsWordAndByItsVectorAndSaysHowFreshTheGenerationIs() {
        assertThat(byWord())
                .containsExactly(ledger())
                .containsExactly(state().path("freshAsOf").asText());
        assertThat(byVector()).containsExactly(ledger());
        var before = ledger();
        run(RunMode.Incremental);
        assertThat(ledger()).isGreaterThan(before);
        assertThat(byWord()).containsExactly(ledger());
        assertThat(byVector()).containsExactly(ledger());
    }

    @Test
    void countsNowhere() {
        assertThat(state().path("documents").asLong()).isEqualTo(1);
        assertThat(state().path("chunks").asLong()).isEqualTo(1);
        assertThat(snapshot().documents()).containsOnlyKeys("files:a.md");
        run(RunMode.Verify);
        assertThat(drift()).isEqualTo("0 damaged, 0 overlooked, 0 orphaned");
        assertThat(byWord()).containsExactly(ledger());
    }

    @Test
    void staysAsItIsWhereSomebodyHasPutAnOlderOneInItsPlaceUntilAVerification() {
        var older = byWord();
        run(RunMode.Incremental);
        send("PUT", "/_doc/tracer?refresh=true", document(older.getFirst()));

        run(RunMode.Incremental);
        run(RunMode.Incremental);

        assertThat(byWord()).isEqualTo(older);
        assertThat(ledger()).isEqualTo(state().path("freshAsOf").asText()).isGreaterThan(older.getFirst());
        run(RunMode.Verify);
        assertThat(byWord()).containsExactly(ledger());
        run(RunMode.Incremental);
        assertThat(byWord()).containsExactly(ledger());
    }

    @Test
    void staysAwayWhereSomebodyHasDeletedItUntilAVerification() {
        send("DELETE", "/_doc/tracer?refresh=true", null);
        run(RunMode.Incremental);
        assertThat(byWord()).isEmpty();
        run(RunMode.Verify);
        assertThat(byWord()).containsExactly(ledger());
    }

    @Test
    void isWrittenByAVerificationHoweverOftenSomebodyHasChangedIt() {
        for (var time = 0; time < 9; time++) {
            send("POST", "/_update/tracer?refresh=true", "{\"doc\": {\"tracedAt\": \"" + time + "\"}}");
        }
        run(RunMode.Verify);
        assertThat(byWord()).containsExactly(ledger());
    }

    @Test
    void goesWhereItIsNotWantedAndComesBack() {
        var specification = specification(RunMode.Incremental);
        corpus.run(Corpora.untraced(specification));
        refresh();
        assertThat(byWord()).isEmpty();
        assertThat(state().has("tracedAt")).isFalse();
        run(RunMode.Incremental);
        assertThat(byWord()).containsExactly(ledger());
    }

    @Test
    void isNotWrittenByAWriterThatWasReplaced() throws Exception {
        try (var proxy = RecordingProxy.start(SharedNode.url())) {
            var hold = new Disturbance.Hold();
            proxy.disturb(call -> call.isTo("-g1/_bulk"), 1, hold);
            var loser = CompletableFuture.supplyAsync(
                    () -> corpus.through(proxy.url()).run("loser", MANIFEST, List.of()));
            hold.awaitCall();
            run(RunMode.Incremental);
            var winners = ledger();
            hold.release();
            assertThatThrownBy(loser::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            IndexException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.LeaseLost));
            assertThat(byWord()).containsExactly(winners).containsExactly(ledger());
        }
    }

    @Test
    void saysSoBeforeTheLedgerDoes() throws Exception {
        try (var proxy = RecordingProxy.start(SharedNode.url())) {
            var before = ledger();
            proxy.disturb(
                    call -> call.isTo("/_doc/" + GenerationState.id(1))
                            && call.method().equals("PUT"),
                    1,
                    Disturbance.Refuse.with(400));
            assertThatThrownBy(() -> corpus.through(proxy.url()).run("failing", MANIFEST, List.of()))
                    .isInstanceOf(RuntimeException.class);
            assertThat(ledger()).isEqualTo(before);
            assertThat(byWord().getFirst()).isGreaterThan(before);
            run(RunMode.Incremental);
            assertThat(byWord()).as("nobody else has touched it").containsExactly(ledger());
        }
    }

    @Test
    void isWrittenOnceAMinuteWhereSourcesAreFollowed() {
        try (var connection = corpus.connection()) {
            var ledger = new Ledger(connection, corpus.names());
            ledger.take("follower", 1, NOON, Tombstones.NONE);
            var writer = new TracerWriter(connection, corpus.names(), 1, ledger);
            var specification = Corpora.following(specification(RunMode.Follow), Duration.ofSeconds(2));
            var tracing = new Tracing(specification, writer, Optional.empty());
            assertThat(tracing.trace(NOON, NOON.plusSeconds(1))).isEqualTo(NOON);
            assertThat(tracing.trace(NOON.plusSeconds(59), NOON.plusSeconds(60)))
                    .isEqualTo(NOON);
            assertThat(byWord()).containsExactly(NOON.toString());
            assertThat(tracing.trace(NOON.plusSeconds(60), NOON.plusSeconds(61)))
                    .isEqualTo(NOON.plusSeconds(60));
            assertThat(byWord()).containsExactly(NOON.plusSeconds(60).toString());
        }
    }

    private RunSpecification specification(RunMode mode) {
        var given = corpus.specification("r" + ++runs, MANIFEST, List.of(), List.of(corpus.source()));
        return switch (mode) {
            case Build -> Corpora.building(given);
            case Verify -> Corpora.verifying(given);
            case Incremental, Follow, Erase -> given;
        };
    }

    private void run(RunMode mode) {
        corpus.run(specification(mode));
    }

    private IndexSnapshot snapshot() {
        return IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1));
    }

    private JsonNode state() {
        return corpus.ledger(GenerationState.id(1));
    }

    private String ledger() {
        return state().path("tracedAt").asText();
    }

    private String drift() {
        var drift = corpus.ledger(RunReport.id("r" + runs)).path("drift");
        return "%d damaged, %d overlooked, %d orphaned"
                .formatted(
                        drift.path("damaged").asLong(-1),
                        drift.path("overlooked").asLong(-1),
                        drift.path("orphaned").asLong(-1));
    }

    private static String document(String tracedAt) {
        var dimensions = MANIFEST.model().dimensions();
        return Tracer.document(dimensions, Instant.parse(tracedAt)).toString();
    }

    private List<String> byWord() {
        return found("{\"query\": {\"match\": {\"text\": \"" + Tracer.TEXT + "\"}}}");
    }

    private List<String> byVector() {
        var vector = Arrays.toString(Tracer.vector(MANIFEST.model().dimensions()));
        return found(
                "{\"size\": 1, \"knn\": {\"field\": \"vector\", \"k\": 10, \"num_candidates\": 10, \"query_vector\": "
                        + vector + "}}");
    }

    private List<String> found(String query) {
        return send("POST", "/_search", query)
                .path("hits")
                .path("hits")
                .valueStream()
                .map(hit -> hit.path("_source").path(Tracer.TRACED_AT).asText())
                .toList();
    }

    private void refresh() {
        send("POST", "/_refresh", null);
    }

    private JsonNode send(String method, String path, @Nullable String body) {
        try (var connection = corpus.connection()) {
            var bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
            var answer = connection.send(method, "/" + corpus.names().generation(1) + path, bytes);
            assertThat(answer.status()).as(path).isLessThan(300);
            return answer.json();
        }
    }
}
