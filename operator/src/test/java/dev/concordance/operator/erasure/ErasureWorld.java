package dev.concordance.operator.erasure;

import dev.concordance.api.v1alpha1.Erasure;
import dev.concordance.api.v1alpha1.ErasureSpec;
import dev.concordance.api.v1alpha1.ErasureStatus;
import dev.concordance.api.v1alpha1.LocalReference;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.ErasureDigest;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.IndexNames;
import dev.concordance.operator.elastic.FakeSearchBackend;
import dev.concordance.operator.elastic.SnapshotListing;
import dev.concordance.operator.erasure.ErasureObservation.Failure;
import dev.concordance.operator.erasure.ErasureObservation.Names;
import dev.concordance.operator.erasure.ErasureObservation.Obstacle;
import dev.concordance.operator.erasure.ErasureObservation.SeenErasingRun;
import dev.concordance.operator.erasure.ErasureObservation.Stored;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Parsed;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An Erasure, its runs and its cluster, in memory: what the planner decides is done here, as incompletely as a test wants. */
final class ErasureWorld {
    static final IndexNames NAMES = new IndexNames("cc", "docs", "handbook");
    static final String UID = "0d1c0f5e-64a6-4b0c-9d3a-0c2a4f6b8e10";
    static final String KEY = "00112233445566778899aabbccddeeff";

    final FakeSearchBackend elasticsearch = new FakeSearchBackend();
    final Map<String, SeenErasingRun> runs = new LinkedHashMap<>();
    final Erasure erasure = new Erasure();
    Instant now = Instant.parse("2026-05-04T12:00:00Z");
    SigningKey key = new SigningKey.NotDeclared();
    boolean paused;
    Optional<Obstacle> silent = Optional.empty();

    ErasureWorld() {
        erasure.setMetadata(new ObjectMetaBuilder()
                .withName("request-7")
                .withNamespace("docs")
                .withUid(UID)
                .build());
        erasure.setSpec(new ErasureSpec(
                new LocalReference("handbook"),
                List.of(new ErasureSpec.NamedDocument("people/roe.md", null)),
                null,
                List.of(new ErasureSpec.MetadataSelector(Map.of("customer", "4711"))),
                null,
                null));
        build(1);
        elasticsearch.promote(NAMES, 1, Instant.EPOCH);
    }

    /** A generation that has been filled. */
    void build(int generation) {
        create(generation);
        elasticsearch.put(
                NAMES,
                new GenerationState(
                        generation, "r", now, 5, 9, 900, 0, 0, "s", Map.of(), List.of(), now, null, null, null));
    }

    /** One that is going to be. */
    void create(int generation) {
        elasticsearch.createGeneration(
                NAMES,
                new GenerationManifest(
                        generation,
                        GenerationManifest.PIPELINE,
                        new Chunking.ByHeadings(256 + generation, 32, ""),
                        BundledModel.ALL_MINILM_L6_V2_Q.manifest(),
                        1,
                        List.of()),
                0);
    }

    ErasureObservation observe() {
        var answered = silent.isPresent()
                ? new Stored.Silent(silent.get())
                : new Stored.Answered(
                        searched(),
                        elasticsearch.erased(NAMES, UID),
                        elasticsearch.snapshots(NAMES, now),
                        elasticsearch.formerVectors(NAMES, YearMonth.from(now.atOffset(ZoneOffset.UTC))));
        return new ErasureObservation(
                new Names("docs", "request-7", UID),
                Parsed.of(erasure, ErasureDeclaration::parse),
                paused,
                answered,
                List.copyOf(runs.values()),
                key,
                Optional.ofNullable(erasure.getStatus()),
                now);
    }

    private Map<String, String> searched() {
        var searched = new LinkedHashMap<>(elasticsearch.uuids(NAMES));
        elasticsearch.generations(NAMES).stream()
                .filter(generation -> generation.state().isEmpty())
                .forEach(generation -> searched.keySet()
                        .removeAll(
                                List.of(NAMES.generation(generation.number()), NAMES.manifest(generation.number()))));
        return searched;
    }

    /** One reconciliation; gives what was done. */
    ErasurePlan reconcile() {
        var seen = observe();
        var plan = ErasurePlanner.plan(seen);
        plan.steps().forEach(this::act);
        tell(seen, plan);
        return plan;
    }

    /** One of which the operator dies before it writes the status. */
    void dieBeforeTelling() {
        ErasurePlanner.plan(observe()).steps().forEach(this::act);
    }

    private void tell(ErasureObservation seen, ErasurePlan plan) {
        var pending = ErasureStatuses.pending(seen);
        var before = seen.previous().map(ErasureStatus::conditions).orElse(null);
        var conditions = Conditions.of(before, ErasureConditions.of(seen, plan, pending), 1L, now);
        erasure.setStatus(ErasureStatuses.of(1L, seen, plan, pending, conditions));
    }

    private void act(ErasureStep step) {
        switch (step) {
            case ErasureStep.StartRun(var name, var sequence) ->
                runs.putIfAbsent(
                        name, new SeenErasingRun(name, sequence, true, Optional.empty(), now, "it is being started"));
            case ErasureStep.ForgetRun(var name) -> runs.remove(name);
        }
    }

    /** The newest run finds so many documents and erases them from what there is. */
    void erased(int documents) {
        var newest = newest();
        elasticsearch.put(NAMES, UID, report(newest.name(), documents));
        ended(newest, null);
    }

    /** The newest run finds more than it may erase. */
    void refused(int documents) {
        var newest = newest();
        elasticsearch.put(
                NAMES,
                UID,
                new ErasureReport(newest.name(), documents, true, List.of(), List.of(), Map.of(), null, null, null));
        ended(newest, new Failure("TooManyDocuments", true));
    }

    void failed(String reason, boolean waits) {
        ended(newest(), new Failure(reason, waits));
    }

    private SeenErasingRun newest() {
        return runs.values().stream()
                .filter(SeenErasingRun::unfinished)
                .findFirst()
                .orElseThrow();
    }

    private void ended(SeenErasingRun run, @Nullable Failure failure) {
        runs.put(
                run.name(),
                new SeenErasingRun(run.name(), run.sequence(), false, Optional.ofNullable(failure), now, "said so"));
    }

    private ErasureReport report(String run, int documents) {
        return new ErasureReport(
                run,
                documents,
                false,
                documents == 0
                        ? List.of()
                        : List.of(new ErasureReport.Erased(
                                KEY, ErasureDigest.of(UID, KEY), ErasureDigest.of(UID, "hashes"))),
                List.of(new ErasureReport.Store(NAMES.generation(1), "uuid", documents, 2L * documents, 0)),
                searched(),
                documents == 0 ? null : now,
                new ErasureReport.Search(
                        now,
                        documents,
                        2L * documents,
                        documents,
                        0,
                        elasticsearch.generations(NAMES).stream()
                                .map(generation -> NAMES.generation(generation.number()))
                                .map(index -> new ErasureReport.Searched(index, "uuid", 2L * documents, documents))
                                .toList()),
                null);
    }

    /** From the beginning to the end. */
    void erase() {
        reconcile();
        erased(1);
        reconcile();
    }

    void put(SnapshotListing listing) {
        elasticsearch.put(listing);
    }

    ErasureStatus status() {
        return Objects.requireNonNull(erasure.getStatus());
    }

    ErasureStatus.Receipt receipt() {
        return Objects.requireNonNull(status().receipt());
    }

    Condition condition(String type) {
        return Conditions.find(status().conditions(), type).orElseThrow();
    }
}
