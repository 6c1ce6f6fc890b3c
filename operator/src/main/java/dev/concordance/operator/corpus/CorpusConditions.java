package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.manifest.GenerationState;
import dev.concordance.operator.corpus.CorpusObservation.Backend;
import dev.concordance.operator.corpus.CorpusObservation.Obstacle;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.freshness.Forecast;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Truth;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Tells what was seen of a corpus, and what is done about it, as conditions. */
final class CorpusConditions {
    static final String REFERENCES_RESOLVED = "ReferencesResolved";
    static final String ELASTICSEARCH_READY = "ElasticsearchReady";
    static final String SOURCES_READABLE = "SourcesReadable";
    static final String FRESH = "Fresh";
    static final String DELETIONS_APPLIED = DeletionsCondition.DELETIONS_APPLIED;

    private final CorpusObservation seen;
    private final CorpusPlan plan;

    private CorpusConditions(CorpusObservation seen, CorpusPlan plan) {
        this.seen = seen;
        this.plan = plan;
    }

    static List<Finding> of(CorpusObservation seen, CorpusPlan plan) {
        return new CorpusConditions(seen, plan).all();
    }

    private List<Finding> all() {
        var ready = ready();
        var stalled = stalled(ready);
        return List.of(
                ready,
                reconciling(ready, stalled),
                stalled,
                references(),
                backend(),
                sources(),
                fresh(),
                new DeletionsCondition(seen, plan.generations()).finding(),
                access().finding(plan),
                new InletCondition(seen).finding(),
                release().planAdmitted(),
                release().rolledBack());
    }

    private ReleaseConditions release() {
        return new ReleaseConditions(seen, plan);
    }

    private Finding ready() {
        if (seen.declaration() instanceof Parsed.Invalid<CorpusDeclaration>(var sentence)) {
            return Finding.of(Conditions.READY, Truth.FALSE, CorpusReason.InvalidSpec, sentence);
        }
        if (seen.missing().isPresent()) {
            return finding(Conditions.READY, Truth.FALSE, seen.missing().get());
        }
        if (seen.backend() instanceof Backend.Silent(var obstacle)) {
            return finding(Conditions.READY, Truth.UNKNOWN, obstacle);
        }
        var generations = plan.generations().orElseThrow();
        if (generations.live().isEmpty()) {
            return Finding.of(
                    Conditions.READY, Truth.FALSE, CorpusReason.BuildingFirst, successor(generations), progress());
        }
        var live = generations.live().get();
        return generations.settled()
                ? serving(live)
                : release().held(live).orElseGet(() -> replaced(live, generations));
    }

    private Finding replaced(StoredGeneration live, Generations generations) {
        var lost = generations.candidate().flatMap(Generations::withheld);
        if (live.intact() && lost.isPresent()) {
            return Finding.of(
                    Conditions.READY,
                    Truth.FALSE,
                    CorpusReason.WaitsForApproval,
                    live.number(),
                    successor(generations),
                    lost.get().documents());
        }
        var reason = live.intact() ? CorpusReason.Rebuilding : CorpusReason.IndexLost;
        return Finding.of(Conditions.READY, Truth.FALSE, reason, live.number(), successor(generations), progress());
    }

    private Finding serving(StoredGeneration live) {
        if (live.state().isEmpty()) {
            return Finding.of(Conditions.READY, Truth.FALSE, CorpusReason.FreshnessUnknown, live.number(), progress());
        }
        var state = live.state().get();
        if (!applied(state)) {
            return Finding.of(Conditions.READY, Truth.FALSE, CorpusReason.ApplyingSources, live.number(), progress());
        }
        if (access().isStale(state.freshAsOf())) {
            return access().stale(Conditions.READY, state.freshAsOf());
        }
        if (isStale(state.freshAsOf())) {
            return stale(Conditions.READY, state.freshAsOf());
        }
        var quarantined = state.quarantined() == 0 ? "" : "; " + state.quarantined() + " quarantined";
        return Finding.of(
                Conditions.READY,
                Truth.TRUE,
                CorpusReason.Serving,
                live.number(),
                state.documents(),
                state.chunks(),
                seconds(state.freshAsOf()),
                quarantined);
    }

    private boolean applied(GenerationState state) {
        return Optional.of(state.sourcesDigest()).equals(seen.sourcesDigest());
    }

    private Finding reconciling(Finding ready, Finding stalled) {
        if (seen.paused()) {
            return Finding.of(Conditions.RECONCILING, Truth.FALSE, CorpusReason.Paused);
        }
        if (ready.truth() == Truth.TRUE || stalled.truth() == Truth.TRUE) {
            return Finding.of(Conditions.RECONCILING, Truth.FALSE, CorpusReason.Settled);
        }
        return new Finding(Conditions.RECONCILING, Truth.TRUE, ready.reason(), ready.message());
    }

    private Finding stalled(Finding ready) {
        if (seen.declaration() instanceof Parsed.Invalid<CorpusDeclaration>(var sentence)) {
            return Finding.of(Conditions.STALLED, Truth.TRUE, CorpusReason.InvalidSpec, sentence);
        }
        if (ready.reason().equals(CorpusReason.WaitsForApproval.name()) || ReleaseConditions.waits(ready)) {
            return new Finding(Conditions.STALLED, Truth.TRUE, ready.reason(), ready.message());
        }
        return seen.runs().stream()
                .filter(SeenRun::isHeldUp)
                .findFirst()
                .or(this::follower)
                .or(() -> lastFinished()
                        .filter(run ->
                                run.inputs().isEmpty() || run.inputs().get().equals(seen.inputs())))
                .flatMap(SeenRun::failure)
                .filter(SeenRun.RunFailure::waits)
                .map(failure -> new Finding(Conditions.STALLED, Truth.TRUE, failure.reason(), failure.message()))
                .orElse(Finding.of(Conditions.STALLED, Truth.FALSE, CorpusReason.Settled));
    }

    private Finding references() {
        if (seen.declaration().valid().isEmpty()) {
            return Finding.of(REFERENCES_RESOLVED, Truth.UNKNOWN, CorpusReason.Undecided);
        }
        if (seen.missing().isPresent()) {
            return finding(REFERENCES_RESOLVED, Truth.FALSE, seen.missing().get());
        }
        if (seen.inlet().missing().isPresent()) {
            return finding(
                    REFERENCES_RESOLVED, Truth.FALSE, seen.inlet().missing().get());
        }
        return seen.desired().isPresent()
                ? Finding.of(REFERENCES_RESOLVED, Truth.TRUE, CorpusReason.ReferencesFound)
                : Finding.of(REFERENCES_RESOLVED, Truth.UNKNOWN, CorpusReason.Undecided);
    }

    private Finding backend() {
        return switch (seen.backend()) {
            case Backend.Silent(var obstacle) ->
                finding(
                        ELASTICSEARCH_READY,
                        obstacle.reason().equals(CorpusReason.ClusterNotReady.name())
                                        || obstacle.reason().equals(CorpusReason.Undecided.name())
                                ? Truth.UNKNOWN
                                : Truth.FALSE,
                        obstacle);
            case Backend.Answered answered ->
                answered.closed()
                        .map(obstacle -> finding(ELASTICSEARCH_READY, Truth.FALSE, obstacle))
                        .orElse(Finding.of(ELASTICSEARCH_READY, Truth.TRUE, CorpusReason.ElasticsearchAnswers));
        };
    }

    private Finding sources() {
        var attempt = seen.runs().stream()
                .filter(SeenRun::isUnfinished)
                .flatMap(run -> run.failure().stream())
                .filter(CorpusConditions::isOfSource)
                .findFirst();
        if (attempt.isPresent()) {
            return new Finding(
                    SOURCES_READABLE,
                    Truth.FALSE,
                    attempt.get().reason(),
                    attempt.get().message());
        }
        var unreadable = unreadableBefore();
        if (unreadable.isPresent()) {
            return unreadable.get();
        }
        var last = follower().filter(run -> run.phase() == RunPhase.Following).or(this::lastFinished);
        if (last.isPresent() && last.get().phase() != RunPhase.Failed) {
            return Finding.of(
                    SOURCES_READABLE,
                    Truth.TRUE,
                    CorpusReason.SourcesRead,
                    last.get().name());
        }
        return last.flatMap(SeenRun::failure)
                .filter(CorpusConditions::isOfSource)
                .map(failure -> new Finding(SOURCES_READABLE, Truth.FALSE, failure.reason(), failure.message()))
                .orElse(Finding.of(SOURCES_READABLE, Truth.UNKNOWN, CorpusReason.SourcesNotRead));
    }

    /** What an attempt has found stays true until the next one has listed the sources. */
    private Optional<Finding> unreadableBefore() {
        var listing = seen.runs().stream()
                .anyMatch(run -> run.isUnfinished() && run.phase().compareTo(RunPhase.Indexing) < 0);
        return listing
                ? Conditions.find(seen.previous().map(CorpusStatus::conditions).orElse(null), SOURCES_READABLE)
                        .filter(told -> Truth.FALSE.status().equals(told.getStatus()))
                        .map(told -> new Finding(SOURCES_READABLE, Truth.FALSE, told.getReason(), told.getMessage()))
                : Optional.empty();
    }

    private Optional<SeenRun> follower() {
        return seen.runs().stream()
                .filter(run -> run.follows() && run.isUnfinished())
                .findFirst();
    }

    private static boolean isOfSource(SeenRun.RunFailure failure) {
        return failure.reason().startsWith("Source");
    }

    private Finding fresh() {
        var asOf = plan.generations().isPresent()
                ? plan.generations()
                        .get()
                        .live()
                        .flatMap(StoredGeneration::state)
                        .map(GenerationState::freshAsOf)
                : seen.previous()
                        .map(CorpusStatus::freshness)
                        .map(CorpusStatus.Freshness::freshAsOf)
                        .map(Instant::parse);
        if (asOf.isEmpty() || seen.declaration().valid().isEmpty()) {
            return Finding.of(FRESH, Truth.UNKNOWN, CorpusReason.NothingServed);
        }
        if (isStale(asOf.get())) {
            return stale(FRESH, asOf.get());
        }
        var missing = new TracerCondition(seen).missing();
        if (missing.isPresent()) {
            return missing.get();
        }
        var forecast = plan.forecast().orElseGet(() -> Forecast.hopeless(asOf.get(), maxStaleness()));
        return forecast.foreseesBreach(seen.now())
                ? breach(forecast)
                : Finding.of(FRESH, Truth.TRUE, CorpusReason.Fresh, seconds(asOf.get()), text(maxStaleness()));
    }

    private Finding breach(Forecast forecast) {
        return Finding.of(
                FRESH,
                Truth.FALSE,
                CorpusReason.BreachForecast,
                text(maxStaleness()),
                seconds(forecast.deadline()),
                roughly(Duration.between(seen.now(), forecast.deadline())),
                progress());
    }

    private AccessCondition access() {
        return new AccessCondition(seen, this::progress);
    }

    private Finding stale(String type, Instant freshAsOf) {
        return Finding.of(
                type, Truth.FALSE, CorpusReason.Stale, text(maxStaleness()), seconds(freshAsOf), progress(), budget());
    }

    private String budget() {
        var level = seen.declaration().valid().orElseThrow().timing().level();
        var exhausted = FreshnessHistory.budget(seen, level, plan.generations())
                .exhausted(seen.now())
                .orElse(seen.now());
        return exhausted.isAfter(seen.now())
                ? "the error budget lasts until " + seconds(exhausted)
                : "the error budget is used up";
    }

    private boolean isStale(Instant freshAsOf) {
        return freshAsOf.plus(maxStaleness()).isBefore(seen.now());
    }

    private Duration maxStaleness() {
        return seen.declaration().valid().orElseThrow().maxStaleness();
    }

    private static int successor(Generations generations) {
        return generations.candidate().map(StoredGeneration::number).orElse(generations.next());
    }

    /** The run that everybody waits for, or why the one before has failed. */
    private String progress() {
        var closed = seen.answered().flatMap(Backend.Answered::closed);
        if (closed.isPresent()) {
            return "no run is started, since " + closed.get().message();
        }
        var unfinished = seen.runs().stream()
                .filter(SeenRun::isUnfinished)
                .min(Comparator.comparing((SeenRun run) -> run.phase() == RunPhase.Queued)
                        .thenComparing(SeenRun::createdAt));
        var failure =
                unfinished.flatMap(SeenRun::failure).or(() -> lastFinished().flatMap(SeenRun::failure));
        if (unfinished.isPresent()) {
            var run = unfinished.get();
            return "run " + run.name() + " is " + run.phase().name().toLowerCase(java.util.Locale.ROOT)
                    + failure.map(before -> (RunPhase.isWaiting(before.reason()) ? ": " : ", after a failure: ")
                                    + before.message())
                            .orElse("");
        }
        return seen.paused() ? "paused" : next(failure);
    }

    private String next(Optional<SeenRun.RunFailure> failure) {
        var timing = seen.declaration().valid().orElseThrow().timing();
        var why = failure.map(before -> "the last run failed: " + before.message() + "; ")
                .orElse("");
        if (timing.suspended()) {
            return why + "no run is started, since spec.ingestion.suspend is true";
        }
        var opens = timing.open(seen.now(), seen.spread());
        if (opens.isAfter(seen.now())) {
            return why + "the next run starts at " + seconds(opens) + ", when spec.ingestion.window begins";
        }
        return why
                + plan.nextRun()
                        .map(at -> "the next run starts at " + seconds(at))
                        .orElse("a run is about to start");
    }

    private Optional<SeenRun> lastFinished() {
        return seen.runs().stream()
                .filter(run -> !run.isUnfinished())
                .max(Comparator.comparing(run -> run.finishedAt().orElse(run.createdAt())));
    }

    private static Finding finding(String type, Truth truth, Obstacle obstacle) {
        return new Finding(type, truth, obstacle.reason(), obstacle.message());
    }

    static String seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String text(Duration duration) {
        return duration.toSeconds() % 60 == 0 ? duration.toMinutes() + "m" : duration.toSeconds() + "s";
    }

    /** Rounded down, so that a sentence with it holds for a while. */
    private static String roughly(Duration duration) {
        if (duration.toHours() >= 2) {
            return duration.toHours() + "h";
        }
        if (duration.toMinutes() >= 2) {
            return duration.toMinutes() + "m";
        }
        return duration.toSeconds() < 10 ? "less than 10s" : duration.toSeconds() / 10 * 10 + "s";
    }
}
