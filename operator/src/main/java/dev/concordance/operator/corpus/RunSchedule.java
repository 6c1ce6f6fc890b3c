package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunMode;
import dev.concordance.operator.corpus.CorpusStep.Trigger;
import dev.concordance.operator.corpus.SeenRun.RunFailure;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.freshness.Forecast;
import dev.concordance.operator.freshness.RunTiming;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Truth;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * When the next run on a generation is due. A run makes answers as fresh as its listing only when it ends, so it has to
 * start early enough: by the time that runs take, half of it again, and what a pod needs to start. What many corpora would do
 * at the same moment is spread by their names: runs over a tenth of the period and retries over half of their delay, always
 * to the early side; pinned runs, the beginning of a window and what an outage of Elasticsearch has held up over a minute.
 */
final class RunSchedule {
    private static final Duration UNKNOWN_DURATION = Duration.ofSeconds(30);
    private static final Duration POD_START = Duration.ofSeconds(10);
    private static final int SPREAD_PART = 10;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(15);
    private static final Duration LAST_RETRY = Duration.ofMinutes(5);
    private static final Duration FIRST_CHECK = Duration.ofMinutes(1);
    private static final Duration LAST_CHECK = Duration.ofMinutes(15);
    private static final int GROWTH = 4;
    /** After so many failures in a row nobody expects that the next run succeeds. */
    private static final int HOPELESS = 3;

    private final CorpusObservation seen;
    private final CorpusDeclaration declared;
    private final StoredGeneration target;

    RunSchedule(CorpusObservation seen, CorpusDeclaration declared, StoredGeneration target) {
        this.seen = seen;
        this.declared = declared;
        this.target = target;
    }

    /** When, and why. */
    record Due(Instant at, Trigger trigger) {}

    /**
     * The next run that keeps the live generation fresh; empty while one is on its way, and for suspended runs.
     *
     * @param turns whether it takes turns with the runs that build the next generation
     */
    Optional<Due> incremental(boolean turns) {
        if (isOnItsWay()) {
            return Optional.empty();
        }
        var due = retried(regular());
        var last = finished().stream().findFirst();
        if (!turns || last.isEmpty()) {
            return admitted(due);
        }
        // The build of the next generation gets at least every other slice of time.
        var share = last.get().finishedAt().orElse(seen.now()).plus(duration());
        return admitted(new Due(later(due.at(), share), due.trigger()));
    }

    /** The run that follows the sources; empty while one is on its way, and for suspended runs. */
    Optional<Due> following() {
        return isOnItsWay() ? Optional.empty() : admitted(retried(new Due(seen.now(), Trigger.Continuous)));
    }

    /**
     * When answers become too old, and when the next listing is searchable: a run takes as long as runs usually do, and
     * one that has taken longer takes as much longer again.
     *
     * @param due when the next run starts; empty where {@link #incremental} says so, or where none can start
     */
    Forecast forecast(GenerationState state, Optional<Due> due) {
        var going = seen.runs().stream()
                .filter(run -> run.isUnfinished() && concerns(run))
                .findFirst();
        if (going.filter(SeenRun::follows).isPresent()) {
            var fresher = followed(going.get(), state);
            return new Forecast(
                    state.freshAsOf().plus(declared.maxStaleness()), fresher, true, declared.maxStaleness());
        }
        var expected = isHopeless()
                ? Optional.<Instant>empty()
                : going.map(this::end)
                        .or(() -> due.map(next -> later(next.at(), seen.now()).plus(usualDuration())));
        var deadline = state.freshAsOf().plus(declared.maxStaleness());
        return new Forecast(deadline, expected, going.isPresent() || isHopeless(), declared.maxStaleness());
    }

    /** What follows has taken so long to make answers fresher, and takes half as long again. */
    private Optional<Instant> followed(SeenRun follower, GenerationState state) {
        if (follower.failure().isPresent()) {
            return Optional.empty();
        }
        if (follower.phase() != RunPhase.Following) {
            return Optional.of(expected(follower.startedAt().orElse(seen.now()).plus(POD_START)));
        }
        var age = Duration.between(state.freshAsOf(), seen.now());
        return Optional.of(seen.now().plus(age.dividedBy(2)));
    }

    /** What has taken longer than planned takes as much longer again. */
    private Instant expected(Instant planned) {
        return planned.isAfter(seen.now()) ? planned : seen.now().plus(Duration.between(planned, seen.now()));
    }

    private Instant end(SeenRun going) {
        return expected(going.startedAt().orElse(seen.now()).plus(usualDuration()));
    }

    private boolean isHopeless() {
        var failed = failures();
        return failed.size() >= HOPELESS
                || seen.runs().stream().anyMatch(run -> run.isHeldUp() && concerns(run))
                || failed.stream()
                        .findFirst()
                        .flatMap(SeenRun::failure)
                        .filter(RunFailure::waits)
                        .isPresent();
    }

    private Optional<Due> admitted(Due due) {
        var late = returned()
                .filter(due.at()::isBefore)
                .map(since -> since.plus(seen.spread().lateness(declared.maxStaleness())));
        return admitted(late.map(at -> new Due(at, due.trigger())).orElse(due), declared.timing(), seen);
    }

    /** What becomes of a run that is due where the operator doesn't start runs at all times; empty for suspended runs. */
    static Optional<Due> admitted(Due due, RunTiming timing, CorpusObservation seen) {
        return timing.suspended()
                ? Optional.empty()
                : Optional.of(new Due(timing.open(later(due.at(), seen.now()), seen.spread()), due.trigger()));
    }

    /** Since when Elasticsearch answers, as far as the status tells; what was due before has been held up by it. */
    private Optional<Instant> returned() {
        return Conditions.find(
                        seen.previous().map(CorpusStatus::conditions).orElse(null),
                        CorpusConditions.ELASTICSEARCH_READY)
                .filter(condition -> !Truth.UNKNOWN.status().equals(condition.getStatus()))
                .map(condition -> Truth.TRUE.status().equals(condition.getStatus())
                        ? Instant.parse(condition.getLastTransitionTime())
                        : seen.now());
    }

    /** The next run that fills a candidate; empty while one is on its way. */
    Optional<Due> build() {
        if (isOnItsWay()) {
            return Optional.empty();
        }
        var last = finished().stream().findFirst();
        var at = last.filter(run ->
                        run.phase() == RunPhase.Succeeded && target.state().isEmpty())
                .flatMap(SeenRun::finishedAt)
                .map(end -> end.plus(UNKNOWN_DURATION))
                .orElse(seen.now());
        return admitted(retried(new Due(at, Trigger.Build)));
    }

    /** The next run that keeps a filled candidate fresh while it waits; empty while one is on its way. */
    Optional<Due> waiting() {
        return isOnItsWay() ? Optional.empty() : admitted(retried(regular()));
    }

    /**
     * The next run that keeps a generation fresh that serves no more; empty while one is on its way.
     *
     * @param most how often it is at most
     */
    Optional<Due> kept(Duration most) {
        if (isOnItsWay()) {
            return Optional.empty();
        }
        var due = retried(regular());
        var last = finished().stream().findFirst().flatMap(SeenRun::finishedAt);
        return admitted(last.map(end -> new Due(later(due.at(), end.plus(most)), due.trigger()))
                .orElse(due));
    }

    private Due regular() {
        var state = target.state();
        if (state.isEmpty()) {
            return new Due(seen.now(), Trigger.Schedule);
        }
        if (sourcesChanged()) {
            return new Due(seen.now(), Trigger.SourcesChanged);
        }
        if (isApproved(state.get())) {
            return new Due(seen.now(), Trigger.DeletionsApproved);
        }
        if (isPushed()) {
            return new Due(later(seen.now(), rested()), Trigger.Pushed);
        }
        if (declared.timing().schedule().isPresent()) {
            var pinned = declared.timing().schedule().get().after(state.get().freshAsOf(), seen.spread());
            return new Due(pinned, Trigger.Schedule);
        }
        var period = period();
        var early = seen.spread().of(period.dividedBy(SPREAD_PART));
        return new Due(state.get().freshAsOf().plus(period).minus(early), Trigger.Schedule);
    }

    /** Whether there is an approval that no run has known of; it needn't be of the newest token. */
    private boolean isApproved(GenerationState state) {
        return state.withheld() != null
                && seen.approved().isPresent()
                && !seen.approved().get().equals(state.withheld().considered());
    }

    /** Whether something was pushed that no run has read. */
    private boolean isPushed() {
        return seen.answered()
                .flatMap(CorpusObservation.Backend.Answered::pushed)
                .filter(inbox -> declared.inlet().stream()
                        .flatMap(inlet -> inlet.sources().stream())
                        .anyMatch(source -> inbox.isAhead(target.number(), source.name())))
                .isPresent();
    }

    /** What is pushed one by one is read together: half of the time at least there is no run. */
    private Instant rested() {
        return finished().stream()
                .findFirst()
                .flatMap(last ->
                        last.finishedAt().map(end -> end.plus(last.duration().orElse(Duration.ZERO))))
                .orElse(seen.now());
    }

    private boolean sourcesChanged() {
        var applied = target.state().map(state -> state.sourcesDigest());
        var triedAlready = finished().stream()
                .findFirst()
                .filter(run -> run.phase() == RunPhase.Succeeded)
                .flatMap(SeenRun::inputs)
                .filter(seen.inputs()::equals)
                .isPresent();
        return !applied.equals(seen.sourcesDigest()) && !triedAlready;
    }

    private Duration period() {
        var longest = declared.readWithin();
        var lead = duration().multipliedBy(3).dividedBy(2).plus(POD_START);
        var period = longest.minus(lead);
        var shortest = longest.dividedBy(4);
        return period.compareTo(shortest) < 0 ? shortest : period;
    }

    /** The longest that is remembered, so that the next one doesn't come too late; the first takes no longer than the build did. */
    private Duration duration() {
        var remembered = durations(SeenRun::isIncremental);
        if (!remembered.isEmpty()) {
            return remembered.getLast();
        }
        var built = durations(run -> run.mode().equals(Optional.of(RunMode.Build)));
        return built.isEmpty() || built.getLast().compareTo(unknownDuration()) < 0
                ? unknownDuration()
                : built.getLast();
    }

    /**
     * The median; a single run that took long is no reason to expect that of the next one. Never longer than what
     * {@link #duration} plans for, or a plan that holds would be taken for one that doesn't.
     */
    private Duration usualDuration() {
        var remembered = durations(SeenRun::isIncremental);
        var unknown = unknownDuration();
        var median = remembered.isEmpty() ? unknown : remembered.get((remembered.size() - 1) / 2);
        return remembered.size() < 2 && unknown.compareTo(median) < 0 ? unknown : median;
    }

    private Duration unknownDuration() {
        var longest = declared.readWithin().dividedBy(4);
        return UNKNOWN_DURATION.compareTo(longest) < 0 ? UNKNOWN_DURATION : longest;
    }

    /** How long runs on this generation took, the shortest first. */
    private List<Duration> durations(Predicate<SeenRun> counted) {
        return finished().stream()
                .filter(run -> run.phase() == RunPhase.Succeeded && counted.test(run))
                .flatMap(run -> run.duration().stream())
                .sorted()
                .toList();
    }

    private Due retried(Due due) {
        var failed = failures();
        if (failed.isEmpty()) {
            return due;
        }
        var last = failed.getFirst();
        var waits = last.failure().map(RunFailure::waits).orElse(false);
        var delay = waits
                ? growing(FIRST_CHECK, LAST_CHECK, failed.size())
                : growing(FIRST_RETRY, LAST_RETRY, failed.size());
        var early = seen.spread().of(delay.dividedBy(2));
        var retry = last.finishedAt().orElse(seen.now()).plus(delay).minus(early);
        return new Due(later(due.at(), retry), Trigger.Retry);
    }

    /** The runs that have failed since one succeeded, the newest first; none where the next one is given something else. */
    private List<SeenRun> failures() {
        var failed = finished().stream()
                .takeWhile(run -> run.phase() == RunPhase.Failed)
                .toList();
        var changed = failed.stream()
                .findFirst()
                .flatMap(SeenRun::inputs)
                .filter(inputs -> !inputs.equals(seen.inputs()))
                .isPresent();
        return changed ? List.of() : failed;
    }

    private static Duration growing(Duration first, Duration last, int failures) {
        var delay = first;
        for (var failure = 1; failure < failures && delay.compareTo(last) < 0; failure++) {
            delay = delay.multipliedBy(GROWTH);
        }
        return delay.compareTo(last) > 0 ? last : delay;
    }

    private boolean isOnItsWay() {
        return seen.runs().stream().anyMatch(run -> run.isUnfinished() && concerns(run));
    }

    /** Finished runs on this generation, the newest first. */
    private List<SeenRun> finished() {
        return seen.runs().stream()
                .filter(run -> !run.isUnfinished() && concerns(run))
                .sorted(Comparator.comparing((SeenRun run) -> run.finishedAt().orElse(run.createdAt()))
                        .reversed())
                .toList();
    }

    private boolean concerns(SeenRun run) {
        var build = run.mode().filter(mode -> mode == RunMode.Build).isPresent();
        return run.fills(target.number()) || run.generation().isEmpty() && target.live() && !build;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
