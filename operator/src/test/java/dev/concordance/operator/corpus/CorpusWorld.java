package dev.concordance.operator.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.manifest.Analysis;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Privacy;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Spending;
import dev.concordance.manifest.VectorStorage;
import dev.concordance.manifest.Withheld;
import dev.concordance.operator.corpus.CorpusObservation.Backend;
import dev.concordance.operator.corpus.CorpusObservation.Obstacle;
import dev.concordance.operator.corpus.SeenRun.RunFailure;
import dev.concordance.operator.elastic.FakeSearchBackend;
import dev.concordance.operator.elastic.Measurements;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.freshness.RunTiming;
import dev.concordance.operator.freshness.ServiceLevel;
import dev.concordance.operator.freshness.Spread;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.tracer.Trace;
import dev.concordance.operator.tracer.TracerWatch;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A corpus, its runs and its cluster, in memory: what the planner decides is done here, as often and as incompletely as a
 * test wants. Time passes only when a test says so.
 */
final class CorpusWorld {
    static final IndexNames NAMES = new IndexNames("cc", "docs", "handbook");
    static final Instant START = Instant.parse("2026-05-04T12:00:00Z");
    static final ServiceLevel LEVEL =
            new ServiceLevel(Duration.ofMinutes(15), new BigDecimal("99.5"), Duration.ofDays(7));

    /** As it is by default, but that nothing is kept. */
    static final DeclaredRelease AUTOMATIC =
            new DeclaredRelease(false, Optional.empty(), Optional.empty(), Duration.ZERO, 0, Optional.empty());

    final FakeSearchBackend elasticsearch = new FakeSearchBackend();
    final Map<String, SeenRun> runs = new LinkedHashMap<>();
    final List<String> done = new ArrayList<>();
    TracerWatch tracers = new TracerWatch();
    boolean traced = true;
    Instant now = START;
    RunTiming timing = new RunTiming(LEVEL, Optional.empty(), Optional.empty(), false, false);
    int chunkTokens = 256;
    EmbeddingModelManifest model = BundledModel.BGE_SMALL_EN_V1_5_Q.manifest();
    int replicas;
    Optional<DeclaredAccess> access = Optional.empty();
    Optional<DeclaredInlet> inlet = Optional.empty();
    SeenInlet seenInlet = SeenInlet.NONE;
    long hidden;
    String sources = "sources-1";
    String secrets = "";
    boolean paused;
    Optional<String> approved = Optional.empty();
    Optional<String> approvedPlan = Optional.empty();
    DeclaredRelease release = AUTOMATIC;
    private final ReadCounts reads = new ReadCounts();
    Optional<Withheld> withheld = Optional.empty();
    /** How long changes took, as runs leave it. */
    Optional<GenerationState.ChangeLatency> changes = Optional.empty();

    Optional<Obstacle> missing = Optional.empty();
    Optional<Obstacle> silent = Optional.empty();
    Optional<Obstacle> closed = Optional.empty();
    Optional<Spending> spent = Optional.empty();

    @Nullable
    String invalid;

    Optional<dev.concordance.api.v1alpha1.CorpusStatus> status = Optional.empty();

    /** How many steps are done before the operator dies; -1: it lives. */
    int dieAfter = -1;

    static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    CorpusObservation observe() {
        Parsed<CorpusDeclaration> declaration =
                invalid == null ? new Parsed.Valid<>(declaration()) : new Parsed.Invalid<>(invalid);
        Backend backend = silent.<Backend>map(Backend.Silent::new)
                .orElseGet(() -> new Backend.Answered(
                        elasticsearch.generations(NAMES),
                        closed,
                        spent,
                        inlet.flatMap(declared -> elasticsearch.inbox(NAMES))
                                .map(newest -> new SeenInbox(newest, elasticsearch.reached(NAMES, List.of(1, 2, 3)))),
                        trace(),
                        measured(),
                        reads.quiet(NAMES.alias(), elasticsearch.searches(NAMES), now)));
        var known = missing.isEmpty() && invalid == null;
        return new CorpusObservation(
                NAMES.alias(),
                declaration,
                paused,
                missing,
                known ? Optional.of(desired()) : Optional.empty(),
                known ? Optional.of(sources) : Optional.empty(),
                known ? inputs() : "",
                backend,
                List.copyOf(runs.values()),
                seenInlet,
                status,
                approved,
                approvedPlan,
                3,
                now);
    }

    private Optional<Measurements> measured() {
        var isBegun = stored().stream()
                .anyMatch(found -> found.intact()
                        && found.digest().equals(Optional.of(desired().digest())));
        return isBegun || live() == 0 ? Optional.empty() : Optional.of(elasticsearch.measurements(NAMES, live()));
    }

    private Optional<Trace> trace() {
        return traced ? tracers.look(elasticsearch, NAMES, elasticsearch.generations(NAMES), now) : Optional.empty();
    }

    /** One reconciliation: steps, each {@code times} times, then the status. */
    CorpusPlan reconcile(int times) {
        var seen = observe();
        var plan = CorpusPlanner.plan(seen);
        for (var step : plan.steps()) {
            for (var time = 0; time < times; time++) {
                act(step);
            }
            done.add(step.getClass().getSimpleName());
            if (dieAfter >= 0 && dieAfter-- == 0) {
                throw new Died();
            }
        }
        var findings = CorpusConditions.of(seen, plan);
        var before = status.map(dev.concordance.api.v1alpha1.CorpusStatus::conditions)
                .orElse(null);
        status = Optional.of(CorpusStatuses.of(1L, seen, plan, Conditions.of(before, findings, 1L, now)));
        return plan;
    }

    /** Reconciles until there is nothing to do; a planner that never rests is an error. */
    void settle(int times) {
        for (var round = 0; round < 20; round++) {
            if (reconcile(times).steps().isEmpty()) {
                return;
            }
        }
        throw new AssertionError("never rests: " + done);
    }

    /** Lets the run that is due end well. */
    void finishRuns(long documents) {
        for (var run : List.copyOf(runs.values())) {
            if (run.isUnfinished() && !run.going() && !run.follows()) {
                finish(run, documents);
            }
        }
    }

    /** Lets the run that fills a generation copy the live one, as fresh as that is. */
    void copyLive() throws JsonProcessingException {
        for (var run : List.copyOf(runs.values())) {
            if (run.isUnfinished() && run.mode().equals(Optional.of(RunMode.Build))) {
                var told = stored().stream()
                        .filter(StoredGeneration::live)
                        .findFirst()
                        .flatMap(StoredGeneration::state)
                        .orElseThrow();
                ObjectNode copy = ManifestJson.mapper().valueToTree(told);
                copy.put("generation", run.generation().orElseThrow());
                elasticsearch.put(NAMES, ManifestJson.mapper().treeToValue(copy, GenerationState.class));
                runs.put(run.name(), ended(run, RunPhase.Succeeded, Optional.empty()));
            }
        }
    }

    private void finish(SeenRun run, long documents) {
        int generation = run.generation().orElseThrow();
        elasticsearch.put(NAMES, state(generation, documents));
        runs.put(run.name(), ended(run, RunPhase.Succeeded, Optional.empty()));
    }

    /** Lets the run that follows the sources tell that it is at work, and what it has found. */
    void follow(Optional<RunFailure> failure) {
        for (var run : List.copyOf(runs.values())) {
            if (run.follows()) {
                runs.put(run.name(), with(run, RunPhase.Following, Optional.empty(), failure));
            }
        }
    }

    /** Lets what follows write down that answers are as fresh as can be. */
    void advance(long documents, GenerationState.Late... late) {
        advance(state(live(), documents).freshAsOf(), documents, late);
    }

    /** Lets it write down how old answers are, and what is searchable. */
    void advance(Instant freshAsOf, long documents, GenerationState.Late... late) {
        var state = state(live(), documents);
        elasticsearch.put(
                NAMES,
                new GenerationState(
                        state.generation(),
                        state.run(),
                        freshAsOf,
                        state.documents(),
                        state.chunks(),
                        state.tokens(),
                        state.quarantined(),
                        state.pendingEmbeddings(),
                        state.sourcesDigest(),
                        state.positions(),
                        state.quarantineSample(),
                        state.changedAt(),
                        state.withheld(),
                        state.searchableAt(),
                        state.hidden(),
                        new GenerationState.Followed(List.of(late), List.of()),
                        changes.orElse(null),
                        state.tracedAt(),
                        null));
    }

    /** Lets every run that is at work fail. */
    void failRuns(String reason, boolean waits) {
        for (var run : List.copyOf(runs.values())) {
            if (run.isUnfinished()) {
                var failure = Optional.of(new RunFailure(reason, "a sentence about " + reason, waits));
                runs.put(run.name(), ended(run, RunPhase.Failed, failure));
            }
        }
    }

    /** Lets no run start before somebody says that it may. */
    void holdUpRuns(String reason) {
        for (var run : List.copyOf(runs.values())) {
            if (run.isUnfinished()) {
                var failure = Optional.of(new RunFailure(reason, "a sentence about " + reason, true));
                runs.put(run.name(), with(run, RunPhase.Queued, Optional.empty(), failure));
            }
        }
    }

    /** Lets an attempt of every run that is at work fail, and its Job try again. */
    void strugglingRuns(String reason) {
        for (var run : List.copyOf(runs.values())) {
            if (run.isUnfinished()) {
                var failure = Optional.of(new RunFailure(reason, "a sentence about " + reason, false));
                runs.put(run.name(), with(run, run.phase(), run.finishedAt(), failure));
            }
        }
    }

    /** Lets every run that is at work list its sources anew. */
    void listingRuns() {
        for (var run : List.copyOf(runs.values())) {
            if (run.isUnfinished()) {
                runs.put(run.name(), with(run, RunPhase.Listing, Optional.empty(), Optional.empty()));
            }
        }
    }

    GenerationState state(int generation, long documents) {
        return new GenerationState(
                generation,
                "run",
                now,
                documents,
                3 * documents,
                300 * documents,
                0,
                0,
                sources,
                Map.of(),
                List.of(),
                now,
                withheld.orElse(null),
                now,
                access.map(seen -> new GenerationState.Hidden(hidden, List.of()))
                        .orElse(null),
                null,
                changes.orElse(null),
                traced ? now : null,
                null);
    }

    /** After how long a run of this corpus is tried again that would be after so many seconds if it stood first of all. */
    static Duration retry(long seconds) {
        var delay = Duration.ofSeconds(seconds);
        return delay.minus(Spread.of(NAMES.alias()).of(delay.dividedBy(2)));
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    List<StoredGeneration> stored() {
        return elasticsearch.generations(NAMES);
    }

    /** Number of what is live; 0: nothing. */
    int live() {
        return stored().stream()
                .filter(StoredGeneration::live)
                .mapToInt(StoredGeneration::number)
                .findFirst()
                .orElse(0);
    }

    String reason(String type) {
        return Conditions.find(status.orElseThrow().conditions(), type)
                .orElseThrow()
                .getReason();
    }

    String truth(String type) {
        return Conditions.find(status.orElseThrow().conditions(), type)
                .orElseThrow()
                .getStatus();
    }

    String message(String type) {
        return Conditions.find(status.orElseThrow().conditions(), type)
                .orElseThrow()
                .getMessage();
    }

    GenerationManifest desired() {
        return new GenerationManifest(
                0,
                GenerationManifest.PIPELINE,
                new Chunking.ByHeadings(chunkTokens, 32, "{title}"),
                model,
                1,
                List.of(),
                Privacy.NONE,
                access.isPresent(),
                null);
    }

    String inputs() {
        return sources + secrets + chunkTokens;
    }

    private CorpusDeclaration declaration() {
        var source = new SourceManifest(
                "site", new SourceManifest.Volume("volume-site", ""), List.of(), List.of(), null, null);
        return new CorpusDeclaration(
                "docs",
                "handbook",
                List.of(new DeclaredSource(source, "volume-site", Optional.empty(), Optional.empty())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Reference(CorpusDeclaration.CLUSTER, "docs", "search"),
                timing,
                traced,
                new CorpusDeclaration.Guard(50, 10),
                List.of(),
                access,
                inlet,
                1,
                replicas,
                new DeclaredSearch(
                        VectorStorage.DEFAULT,
                        Analysis.DEFAULT,
                        new RoutingTable.Retrieval(
                                RoutingTable.Mode.hybrid, RoutingTable.Fusion.weighted, 0.5, 0.5, 60),
                        Optional.empty()),
                new RunSpecification.Limits(1, 1, 50, 0),
                Optional.empty(),
                1,
                Optional.empty(),
                release,
                false);
    }

    private void act(CorpusStep step) {
        switch (step) {
            case CorpusStep.CreateGeneration(var manifest, var count) ->
                elasticsearch.createGeneration(NAMES, manifest, count);
            case CorpusStep.Share(var model, var count) -> elasticsearch.share(NAMES, model, count);
            case CorpusStep.Promote(var generation, var since) -> elasticsearch.promote(NAMES, generation, since);
            case CorpusStep.SetReplicas(var generation, var count) ->
                elasticsearch.setReplicas(NAMES, generation, count);
            case CorpusStep.DeleteGeneration(var generation) -> elasticsearch.deleteGeneration(NAMES, generation);
            case CorpusStep.CreateInbox(var count) -> elasticsearch.createInbox(NAMES, count);
            case CorpusStep.DeleteLedger() -> elasticsearch.deleteLedger(NAMES);
            case CorpusStep.StartRun start -> runs.putIfAbsent("handbook-" + start.sequence(), started(start));
            case CorpusStep.StopRun(var name) -> runs.remove(name);
            case CorpusStep.ForgetRun(var name) -> {
                elasticsearch.forgetReport(NAMES, name);
                runs.remove(name);
            }
        }
    }

    private SeenRun started(CorpusStep.StartRun start) {
        return run("handbook-" + start.sequence(), start.sequence(), start.mode(), start.generation(), start.inputs());
    }

    SeenRun run(String name, long sequence, RunMode mode, int generation) {
        return run(name, sequence, mode, generation, inputs());
    }

    private SeenRun run(String name, long sequence, RunMode mode, int generation, String inputs) {
        return new SeenRun(
                name,
                sequence,
                true,
                Optional.of(mode),
                Optional.of(generation),
                RunPhase.Indexing,
                now,
                Optional.of(now),
                Optional.empty(),
                Optional.of(inputs),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    private SeenRun ended(SeenRun run, RunPhase phase, Optional<RunFailure> failure) {
        return with(run, phase, Optional.of(now), failure);
    }

    private static SeenRun with(
            SeenRun run, RunPhase phase, Optional<Instant> finishedAt, Optional<RunFailure> failure) {
        return new SeenRun(
                run.name(),
                run.sequence(),
                run.ours(),
                run.mode(),
                run.generation(),
                phase,
                run.createdAt(),
                run.startedAt(),
                finishedAt,
                run.inputs(),
                failure,
                run.counts(),
                false);
    }
}
