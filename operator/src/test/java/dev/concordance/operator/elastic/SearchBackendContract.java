package dev.concordance.operator.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.Lease;
import dev.concordance.manifest.MetadataField;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.Throughput;
import dev.concordance.operator.elastic.TracerSight.Hit;
import dev.concordance.operator.elastic.TracerSight.Leg;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link SearchBackend} does, asked of the fake and of Elasticsearch alike. */
interface SearchBackendContract {
    Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    SearchBackend backend();

    /** Names that no other test uses. */
    IndexNames names();

    /** Writes to the ledger as an ingestion worker does. */
    void put(IndexNames names, String id, Object document);

    /** Writes the tracer of generation 1 as an ingestion worker does. */
    void trace(IndexNames names, Instant tracedAt);

    /** Searches a generation. */
    void search(IndexNames names, int generation);

    /** Deletes one of the two indexes of generation 1. */
    void lose(IndexNames names, String index);

    @Test
    default void knowsNothingOfACorpusThatHasNeverBeen() {
        assertThat(backend().generations(names())).isEmpty();
        assertThat(backend().report(names(), "run-1")).isEmpty();
    }

    @Test
    default void givesBackTheManifestThatAGenerationWasCreatedWith() {
        var names = names();
        backend().createGeneration(names, manifest(1, 256), 0);
        assertThat(backend().generations(names)).singleElement().satisfies(found -> {
            assertThat(found.manifest()).contains(manifest(1, 256));
            assertThat(found.digest()).contains(manifest(7, 256).digest());
            assertThat(found.intact()).isTrue();
            assertThat(found.live()).isFalse();
            assertThat(found.replicas()).isZero();
            assertThat(found.state()).isEmpty();
        });
    }

    @Test
    default void tellsWhatWasErasedUntilItIsForgotten() {
        var names = names();
        assertThat(backend().erased(names, "uid")).isEmpty();
        backend().createGeneration(names, manifest(1, 256), 0);
        var report = erasing(true);
        put(names, ErasureReport.id("uid"), report);
        assertThat(backend().erased(names, "uid")).contains(report);
        backend().forgetErased(names, "uid");
        backend().forgetErased(names, "uid");
        assertThat(backend().erased(names, "uid")).isEmpty();
    }

    @Test
    default void tellsWhichErasuresWritersHaveToKnowUntilTheyAreForgotten() {
        var names = names();
        assertThat(backend().erasures(names)).isEmpty();
        backend().createGeneration(names, manifest(1, 256), 0);
        assertThat(backend().erasures(names)).isEmpty();
        put(names, Lease.ID, Lease.NOBODYS.requiring(Set.of("erased", "refused", "forgotten")));
        put(names, ErasureReport.id("erased"), erasing(false));
        put(names, ErasureReport.id("refused"), erasing(true));
        assertThat(backend().erasures(names)).containsExactly("erased");
        backend().forgetErased(names, "erased");
        assertThat(backend().erasures(names)).isEmpty();
    }

    private static ErasureReport erasing(boolean refused) {
        return new ErasureReport("erase-1", 3, refused, List.of(), List.of(), Map.of(), null, null, null);
    }

    @Test
    default void tellsTheIdentityOfEachIndexOfAGeneration() {
        var names = names();
        assertThat(backend().uuids(names)).isEmpty();
        backend().createGeneration(names, manifest(1, 256), 0);
        backend().createGeneration(names, manifest(2, 256), 0);
        assertThat(backend().uuids(names)).hasSize(4);
        backend().createInbox(names, 0);
        var uuids = backend().uuids(names);
        assertThat(uuids)
                .containsOnlyKeys(
                        names.generation(1), names.manifest(1), names.generation(2), names.manifest(2), names.inbox());
        assertThat(uuids.values()).doesNotHaveDuplicates().noneMatch(String::isBlank);
    }

    @Test
    default void createsAGenerationOnceHoweverOftenItIsTold() {
        var names = names();
        backend().createGeneration(names, manifest(1, 256), 0);
        put(names, GenerationState.id(1), state(1, 5));
        backend().createGeneration(names, manifest(1, 256), 0);
        assertThat(backend().generations(names))
                .singleElement()
                .satisfies(found -> assertThat(found.state()).contains(state(1, 5)));
    }

    @Test
    default void createsAGenerationAnewOfWhichOnlyAPartIsThere() {
        var names = names();
        for (var part : List.of(names.generation(1), names.manifest(1))) {
            backend().createGeneration(names, manifest(1, 256), 0);
            put(names, GenerationState.id(1), state(1, 5));
            lose(names, part);
            assertThat(backend().generations(names)).singleElement().satisfies(found -> {
                assertThat(found.intact()).isFalse();
                assertThat(found.manifest()).contains(manifest(1, 256));
            });
            backend().createGeneration(names, manifest(1, 256), 0);
            assertThat(backend().generations(names)).singleElement().satisfies(found -> {
                assertThat(found.intact()).isTrue();
                assertThat(found.state()).isEmpty();
            });
        }
    }

    @Test
    default void leavesAGenerationOfOtherContentAlone() {
        var names = names();
        backend().createGeneration(names, manifest(1, 256), 0);
        assertThatThrownBy(() -> backend().createGeneration(names, manifest(1, 128), 0))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("belongs to something else");
        assertThat(backend().generations(names))
                .singleElement()
                .satisfies(found -> assertThat(found.manifest()).contains(manifest(1, 256)));
    }

    @Test
    default void pointsTheAliasToOneGenerationOnly() {
        var names = names();
        backend().createGeneration(names, manifest(1, 256), 0);
        backend().createGeneration(names, manifest(2, 128), 0);
        backend().promote(names, 1, NOON);
        backend().promote(names, 2, NOON);
        backend().promote(names, 2, NOON);
        assertThat(backend().generations(names))
                .extracting(StoredGeneration::number, StoredGeneration::live)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, false), org.assertj.core.groups.Tuple.tuple(2, true));
    }

    @Test
    default void tellsSinceWhenAGenerationServesOrDidLast() {
        var names = names();
        backend().createGeneration(names, manifest(1, 256), 0);
        backend().createGeneration(names, manifest(2, 128), 0);
        backend().promote(names, 1, NOON);
        backend().promote(names, 2, NOON.plusSeconds(9));
        assertThat(backend().generations(names))
                .extracting(StoredGeneration::servedSince)
                .containsExactly(Optional.of(NOON), Optional.of(NOON.plusSeconds(9)));
        backend().promote(names, 1, NOON.plusSeconds(20));
        backend().promote(names, 1, NOON.plusSeconds(20));
        assertThat(backend().generations(names))
                .extracting(StoredGeneration::servedSince)
                .containsExactly(Optional.of(NOON.plusSeconds(20)), Optional.of(NOON.plusSeconds(9)));
    }

    @Test
    default void measuresWhatAPlanIsMadeBy() {
        var names = names();
        backend().createGeneration(names, manifest(1, 256), 0);
        backend().promote(names, 1, NOON);
        assertThat(backend().measurements(names, 1).throughput()).isEqualTo(Throughput.NOTHING);
        var throughput = new Throughput(Map.of("model", 12.5), 300.0);
        put(names, Throughput.ID, throughput);
        var measured = backend().measurements(names, 1);
        assertThat(measured.throughput()).isEqualTo(throughput);
        assertThat(measured.liveBytes()).isPositive();
    }

    @Test
    default void countsTheSearchesOfEachGeneration() {
        var names = names();
        backend().createGeneration(names, manifest(1, 256), 0);
        backend().createGeneration(names, manifest(2, 128), 0);
        assertThat(backend().searches(names)).containsOnlyKeys(1, 2);
        var before = backend().searches(names);
        search(names, 2);
        assertThat(backend().searches(names).get(1)).isEqualTo(before.get(1));
        assertThat(backend().searches(names).get(2)).isGreaterThan(Objects.requireNonNull(before.get(2)));
    }

    @Test
    default void refusesToPromoteWhatDoesNotExist() {
        var names = names();
        backend().createGeneration(names, manifest(1, 256), 0);
        assertThatThrownBy(() -> backend().promote(names, 2, NOON)).isInstanceOf(BackendException.class);
        assertThat(backend().generations(names))
                .singleElement()
                .satisfies(found -> assertThat(found.live()).isFalse());
    }

    @Test
    default void readsWhatAWorkerHasWrittenAtOnce() {
        var names = names();
        backend().createGeneration(names, manifest(1, 256), 0);
        put(names, GenerationState.id(1), state(1, 5));
        put(names, RunReport.id("docs-1"), report("docs-1"));
        assertThat(backend().generations(names))
                .singleElement()
                .satisfies(found -> assertThat(found.state()).contains(state(1, 5)));
        assertThat(backend().report(names, "docs-1")).contains(report("docs-1"));
        assertThat(backend().report(names, "docs-2")).isEmpty();
    }

    @Test
    default void forgetsTheStateOfAGenerationThatIsDeleted() {
        var names = names();
        backend().createGeneration(names, manifest(1, 256), 0);
        put(names, GenerationState.id(1), state(1, 5));
        backend().promote(names, 1, NOON);
        backend().deleteGeneration(names, 1);
        backend().deleteGeneration(names, 1);
        assertThat(backend().generations(names)).isEmpty();
        backend().createGeneration(names, manifest(1, 128), 0);
        assertThat(backend().generations(names)).singleElement().satisfies(found -> {
            assertThat(found.state()).isEmpty();
            assertThat(found.live()).isFalse();
        });
    }

    @Test
    default void forgetsReportsAndTheLedger() {
        var names = names();
        backend().createGeneration(names, manifest(1, 256), 0);
        put(names, RunReport.id("docs-1"), report("docs-1"));
        put(names, RunReport.id("docs-2"), report("docs-2"));
        backend().forgetReport(names, "docs-1");
        backend().forgetReport(names, "docs-1");
        assertThat(backend().report(names, "docs-1")).isEmpty();
        assertThat(backend().report(names, "docs-2")).isPresent();
        backend().createInbox(names, 0);
        backend().createInbox(names, 0);
        assertThat(backend().inbox(names)).isPresent();
        backend().deleteLedger(names);
        backend().deleteLedger(names);
        assertThat(backend().inbox(names)).isEmpty();
        assertThat(backend().report(names, "docs-2")).isEmpty();
        backend().forgetReport(names, "docs-2");
    }

    @Test
    default void findsTheTracerThroughTheAlias() {
        var names = names();
        backend().createGeneration(names, manifest(1, 256), 0);
        var dimensions = manifest(1, 256).model().dimensions();
        assertThat(backend().tracer(names, dimensions).byWords().failure()).contains("no such index");
        backend().promote(names, 1, NOON);
        var none = backend().tracer(names, dimensions);
        assertThat(none).isEqualTo(new TracerSight(new Leg(List.of(), 1, null), new Leg(List.of(), 1, null)));
        trace(names, NOON);
        var found = new Leg(List.of(new Hit(names.generation(1), NOON)), 1, null);
        assertThat(backend().tracer(names, dimensions)).isEqualTo(new TracerSight(found, found));
    }

    @Test
    default void setsTheNumberOfReplicas() {
        var names = names();
        backend().createGeneration(names, manifest(1, 256), 0);
        backend().setReplicas(names, 1, 1);
        backend().setReplicas(names, 1, 1);
        assertThat(backend().generations(names))
                .singleElement()
                .satisfies(found -> assertThat(found.replicas()).isEqualTo(1));
    }

    @Test
    default void keepsCorporaApartWhoseNamesBeginAlike() {
        var names = names();
        var longer = new IndexNames(names.prefix(), names.namespace(), names.corpus() + "-guide");
        backend().createGeneration(names, manifest(1, 256), 0);
        backend().createGeneration(longer, manifest(3, 128), 0);
        backend().promote(longer, 3, NOON);
        backend().promote(names, 1, NOON);
        assertThat(backend().generations(names))
                .extracting(StoredGeneration::number)
                .containsExactly(1);
        backend().deleteGeneration(names, 1);
        backend().deleteLedger(names);
        assertThat(backend().generations(longer))
                .singleElement()
                .satisfies(found -> assertThat(found.live()).isTrue());
    }

    @Test
    default void tellsItsVersion() {
        assertThat(backend().facts("cc").version()).startsWith("9.");
        assertThat(backend().facts("cc").readOnlyIndexes()).isEmpty();
    }

    static GenerationManifest manifest(int number, int tokens) {
        return new GenerationManifest(
                number,
                GenerationManifest.PIPELINE,
                new Chunking.ByHeadings(tokens, 32, "{title}"),
                BundledModel.ALL_MINILM_L6_V2_Q.manifest(),
                1,
                List.of(new MetadataField("lang", MetadataField.Type.KEYWORD)));
    }

    static GenerationState state(int generation, long documents) {
        return new GenerationState(
                generation,
                "docs-1",
                NOON,
                documents,
                3 * documents,
                300 * documents,
                0,
                0,
                "sources",
                Map.of("a", "b"),
                List.of(),
                NOON,
                null,
                null,
                null);
    }

    static RunReport report(String run) {
        return new RunReport(
                run,
                1,
                RunMode.Build,
                RunReport.Phase.Indexing,
                4,
                NOON,
                NOON,
                null,
                null,
                RunReport.Counts.NONE,
                null,
                Map.of(),
                null,
                List.of(),
                null);
    }
}
