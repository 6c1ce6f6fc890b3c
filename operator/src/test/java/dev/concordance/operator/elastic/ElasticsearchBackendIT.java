package dev.concordance.operator.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.concordance.localcluster.servers.ElasticsearchProcess;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Spending;
import dev.concordance.manifest.Tracer;
import dev.concordance.operator.testing.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The real Elasticsearch keeps the contract. */
final class ElasticsearchBackendIT implements SearchBackendContract {
    private static ElasticsearchProcess elasticsearch;
    private static SearchBackend backend;

    private IndexNames names;

    @BeforeAll
    static void start(@TempDir Path home) {
        elasticsearch = ElasticsearchProcess.start(ElasticsearchProcess.Options.forTest(home));
        backend = new ElasticsearchBackend(
                new ConnectionSettings(List.of(elasticsearch.url().toString()), null, null, Duration.ofSeconds(10)));
    }

    @AfterAll
    static void stop() {
        backend.close();
        elasticsearch.close();
    }

    @BeforeEach
    void nameAfterTheTest(TestInfo test) {
        names = new IndexNames(
                "cc", "docs", test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public SearchBackend backend() {
        return backend;
    }

    @Override
    public IndexNames names() {
        return names;
    }

    @Override
    public void put(IndexNames to, String id, Object document) {
        try {
            send("PUT", "/" + to.ledger() + "/_doc/" + id, ManifestJson.mapper().writeValueAsString(document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void trace(IndexNames of, Instant tracedAt) {
        var dimensions = SearchBackendContract.manifest(1, 256).model().dimensions();
        var tracer = Tracer.document(dimensions, tracedAt).toString();
        send("PUT", "/" + of.generation(1) + "/_doc/" + Tracer.KEY + "?refresh=true", tracer);
    }

    @Override
    public void search(IndexNames of, int generation) {
        send("POST", "/" + of.generation(generation) + "/_search", "{}");
    }

    @Test
    void knowsHowMuchRoomTheDisksHave() {
        backend.createGeneration(names, SearchBackendContract.manifest(1, 256), 0);
        backend.promote(names, 1, NOON);
        assertThat(backend.measurements(names, 1).roomBytes())
                .hasValueSatisfying(room -> assertThat(room).isPositive());
    }

    @Override
    public void lose(IndexNames of, String index) {
        send("DELETE", "/" + index, null);
    }

    @Test
    void keepsWhatCorporaShareUntilNoGenerationHasTheModel() throws IOException {
        var model = Models.at("https://one.example.com");
        var other = new IndexNames("cc", names.namespace(), names.corpus() + "-other");
        var vectors = names.embeddings(model.digest());
        var settings = SearchBackendContract.manifest(1, 256);
        for (var corpus : List.of(names, other)) {
            backend.createGeneration(
                    corpus, new GenerationManifest(1, 1, settings.chunking(), model, 1, settings.metadata()), 0);
            backend.share(corpus, model, 0);
            backend.share(corpus, model, 0);
        }
        assertThat(other.embeddings(model.digest())).isEqualTo(vectors);
        assertThat(exists(vectors)).isTrue();
        assertThat(backend.generations(names)).as("it is no generation").hasSize(1);
        assertThat(backend.spending(names, "hosted", "2026-11")).isEmpty();
        var spent = Spending.none("2026-11", "hosted")
                .plus("handbook", 1, 1_000_000, model.access().price());
        send(
                "PUT",
                "/" + names.spending() + "/_doc/" + Spending.id("2026-11", "hosted"),
                ManifestJson.mapper().writeValueAsString(spent));
        assertThat(backend.spending(other, "hosted", "2026-11")).contains(spent);

        backend.deleteGeneration(names, 1);
        assertThat(exists(vectors)).isTrue();
        backend.deleteGeneration(other, 1);
        assertThat(exists(vectors)).isFalse();
        assertThat(exists(names.spending())).as("an account outlives corpora").isTrue();
    }

    @Test
    void findsNoTracerWhereSomebodyHasChangedWhatTheAliasShows() {
        var settings = SearchBackendContract.manifest(1, 256);
        backend.createGeneration(names, settings, 0);
        backend.promote(names, 1, NOON);
        var now = Instant.parse("2026-05-04T12:00:00Z");
        trace(names, now);
        var hit = new TracerSight.Hit(names.generation(1), now);
        alias("{\"add\":{\"index\":\"%s\",\"alias\":\"%s\",\"filter\":{\"exists\":{\"field\":\"documentId\"}}}}");
        assertThat(sight().byWords().hits()).isEmpty();
        assertThat(sight().byVector().hits()).isEmpty();

        backend.promote(names, 1, NOON);
        assertThat(sight().byWords().hits()).containsExactly(hit);
        send("PUT", "/" + names.alias() + "-copy", "{\"aliases\":{\"" + names.alias() + "\":{}}}");
        assertThat(sight().byWords().shards()).isEqualTo(2);
        assertThat(sight().byVector().failure())
                .as("the other index has no vectors")
                .isNull();
        send("DELETE", "/" + names.alias() + "-copy", null);

        var other =
                Tracer.document(settings.model().dimensions(), now).toString().replace(Tracer.TEXT, "another");
        send("PUT", "/" + names.generation(1) + "/_doc/" + Tracer.KEY + "?refresh=true", other);
        assertThat(sight().byWords().hits()).isEmpty();
        assertThat(sight().byVector().hits()).containsExactly(hit);

        send("POST", "/" + names.generation(1) + "/_close", null);
        assertThat(sight().byWords().failure()).contains("closed");
    }

    private TracerSight sight() {
        return backend.tracer(
                names, SearchBackendContract.manifest(1, 256).model().dimensions());
    }

    private void alias(String action) {
        var body = "{\"actions\":[" + action.formatted(names.generation(1), names.alias()) + "]}";
        send("POST", "/_aliases", body);
    }

    @Test
    void findsTheSnapshotsThatHoldSomethingOfACorpus() {
        var longer = new IndexNames("cc", names.namespace(), names.corpus() + "-guide");
        backend.createGeneration(names, SearchBackendContract.manifest(1, 256), 0);
        backend.createGeneration(longer, SearchBackendContract.manifest(1, 256), 0);
        assertThat(backend.snapshots(names, Instant.MAX)).isEqualTo(SnapshotListing.NONE);
        send("PUT", "/_snapshot/backups", "{\"type\":\"fs\",\"settings\":{\"location\":\"backups\"}}");
        snapshot("own", names.generation(1) + "," + names.manifest(1));
        snapshot("another", longer.generation(1));
        snapshot("ledger", names.ledger());

        var found = backend.snapshots(names, Instant.MAX);

        assertThat(found.unknown()).isEmpty();
        assertThat(found.snapshots())
                .extracting(SnapshotListing.HeldSnapshot::repository, SnapshotListing.HeldSnapshot::name)
                .containsExactlyInAnyOrder(tuple("backups", "own"), tuple("backups", "ledger"));
        assertThat(found.snapshots())
                .allSatisfy(snapshot -> assertThat(snapshot.expires()).isEmpty());
        var first = found.snapshots().getFirst().startedAt();
        assertThat(backend.snapshots(names, first).snapshots()).isEmpty();
        assertThat(backend.snapshots(names, first.plusMillis(1)).snapshots()).isNotEmpty();
        send("DELETE", "/_snapshot/backups", null);
    }

    /** In the month in which it was erased the vector of a former passage was used last; what others have used since is theirs. */
    @Test
    void findsVectorsThatNobodyHasUsedSinceWhereverTheyComeFrom() {
        var model = Models.at("https://vectors.example.com");
        var settings = SearchBackendContract.manifest(1, 256);
        var vectors = names.embeddings(model.digest());
        var may = YearMonth.of(2026, 5);
        assertThat(backend.formerVectors(names, may)).isEmpty();
        backend.createGeneration(
                names, new GenerationManifest(1, 1, settings.chunking(), model, 1, settings.metadata()), 0);
        backend.share(names, model, 0);
        assertThat(backend.formerVectors(names, may)).isEmpty();
        send("PUT", "/" + vectors + "/_doc/theirs?refresh=true", "{\"floats\":\"\",\"used\":\"2026-06\"}");
        assertThat(backend.formerVectors(names, may)).isEmpty();
        send("PUT", "/" + vectors + "/_doc/former?refresh=true", "{\"floats\":\"\",\"used\":\"2026-05\"}");
        var held = new FormerVectors(
                vectors, Optional.of(Objects.requireNonNull(model.cache()).unusedMonths()));
        assertThat(backend.formerVectors(names, may)).containsExactly(held);
        assertThat(backend.formerVectors(names, may.minusMonths(1))).isEmpty();

        send("PUT", "/_snapshot/vectors", "{\"type\":\"fs\",\"settings\":{\"location\":\"vectors\"}}");
        send("PUT", "/_snapshot/vectors/before?wait_for_completion=true", "{\"indices\":\"" + vectors + "\"}");
        send("DELETE", "/" + vectors + "/_doc/former?refresh=true", null);
        assertThat(backend.formerVectors(names, may)).isEmpty();
        send("DELETE", "/" + vectors, null);
        send(
                "POST",
                "/_snapshot/vectors/before/_restore?wait_for_completion=true",
                "{\"indices\":\"" + vectors + "\"}");
        assertThat(backend.formerVectors(names, may)).as("restored").containsExactly(held);
        send("DELETE", "/_snapshot/vectors", null);
    }

    private static void snapshot(String name, String indexes) {
        send(
                "PUT",
                "/_snapshot/backups/" + name + "?wait_for_completion=true",
                "{\"indices\":\"" + indexes + "\",\"include_global_state\":false}");
    }

    private static boolean exists(String index) {
        try (var rest = new RestCalls(
                new ConnectionSettings(List.of(elasticsearch.url().toString()), null, null, Duration.ofSeconds(10)))) {
            return rest.get("/" + index).has(index);
        }
    }

    private static void send(String method, String path, @Nullable String body) {
        try (var rest = new RestCalls(
                new ConnectionSettings(List.of(elasticsearch.url().toString()), null, null, Duration.ofSeconds(10)))) {
            rest.send(method, path, body);
        }
    }
}
