package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.RunMode;
import dev.concordance.operator.corpus.CorpusObservation.Backend.Answered;
import dev.concordance.operator.corpus.CorpusStep.Trigger;
import dev.concordance.operator.corpus.RunSchedule.Due;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.freshness.Forecast;
import dev.concordance.operator.tracer.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides what is done about a corpus. The live generation is never taken away before its successor has been filled from
 * the same sources; while a successor is being built, or waits, both are kept in step with the sources by runs of their own.
 */
final class CorpusPlanner {
    private static final Duration KEPT_FRESH = Duration.ofMinutes(1);

    private static final Duration LOOK_AT_INBOX = Duration.ofSeconds(2);

    private final CorpusObservation seen;
    private final CorpusDeclaration declared;
    private final GenerationManifest desired;
    private final Answered answered;
    private final Generations generations;
    private final List<Kept> kept;
    private final Sharing sharing;
    private final Optional<ChangeAdmission> change;
    private final List<CorpusStep> steps = new ArrayList<>();
    private final List<Instant> wakeUps = new ArrayList<>();
    private Optional<Forecast> forecast = Optional.empty();
    private long sequence;

    private CorpusPlanner(
            CorpusObservation seen, CorpusDeclaration declared, GenerationManifest desired, Answered answered) {
        this.seen = seen;
        this.declared = declared;
        this.desired = desired;
        this.answered = answered;
        this.generations = Generations.of(answered.generations(), wanted(seen, declared), seen.started());
        this.kept = Kept.of(generations, declared.release(), seen.now());
        this.sharing = Sharing.of(desired, declared, Sharing.runs(generations, kept, seen.now()));
        this.change = ChangeAdmission.of(seen, declared, desired, generations);
        this.sequence = lastSequence(seen);
    }

    static CorpusPlan plan(CorpusObservation seen) {
        var declared = seen.declaration().valid();
        if (declared.isEmpty() || seen.answered().isEmpty()) {
            return CorpusPlan.idle(Optional.empty());
        }
        var answered = seen.answered().get();
        if (seen.paused() || seen.desired().isEmpty()) {
            return resting(seen, declared.get(), answered);
        }
        return new CorpusPlanner(seen, declared.get(), seen.desired().get(), answered).decide();
    }

    /** Nothing is started, so answers only become older. */
    private static CorpusPlan resting(CorpusObservation seen, CorpusDeclaration declared, Answered answered) {
        var generations = Generations.of(answered.generations(), wanted(seen, declared), seen.started());
        var forecast = generations
                .live()
                .flatMap(StoredGeneration::state)
                .map(state -> Forecast.hopeless(state.freshAsOf(), declared.maxStaleness()));
        return new CorpusPlan(
                seen.paused()
                        ? Follower.all(seen).stream()
                                .<CorpusStep>map(run -> new CorpusStep.StopRun(run.name()))
                                .toList()
                        : List.of(),
                Optional.of(generations),
                Optional.empty(),
                Optional.empty(),
                forecast,
                forecast.map(ahead -> ahead.nextLook(seen.now())).filter(seen.now()::isBefore));
    }

    private static Generations.Wanted wanted(CorpusObservation seen, CorpusDeclaration declared) {
        return new Generations.Wanted(
                seen.desired().map(GenerationManifest::digest),
                declared.release().rollbackTo());
    }

    private CorpusPlan decide() {
        stopRunsThatNobodyWaitsFor();
        takeWhatIsPushed();
        var mendsAlias = mendAlias();
        var nextRun = generations.live().flatMap(this::keepFresh);
        if (!generations.settled() && !mendsAlias) {
            goOn();
        }
        keepFormerFresh();
        Stream.concat(
                        Stream.of(generations.live(), generations.candidate()).flatMap(Optional::stream),
                        kept.stream().filter(Kept::stays).map(Kept::generation))
                .filter(generation -> generation.replicas() != declared.replicas())
                .forEach(generation -> steps.add(new CorpusStep.SetReplicas(generation.number(), declared.replicas())));
        generations.abandoned().stream().filter(one -> !hasVectors(one)).forEach(this::delete);
        deleteFormer();
        forgetOldRuns();
        answered.trace().flatMap(Trace::nextLook).ifPresent(wakeUps::add);
        return new CorpusPlan(
                steps,
                Optional.of(generations),
                change,
                nextRun,
                forecast,
                wakeUps.stream().filter(seen.now()::isBefore).min(Comparator.naturalOrder()));
    }

    /**
     * Points the alias back to what it was pointed to last, where it points to nothing or to several. What it points to by somebody's
     * hand stays, and is noted to serve where it is what is wanted.
     *
     * @return whether nothing else can be decided before
     */
    private boolean mendAlias() {
        var moved = Generations.moved(answered.generations()).filter(StoredGeneration::intact);
        var pointedTo =
                answered.generations().stream().filter(StoredGeneration::live).count();
        if (moved.isPresent() && pointedTo != 1) {
            promote(moved.get());
            return true;
        }
        var isElsewhere = moved.isPresent() && !generations.settled();
        generations
                .live()
                .filter(live ->
                        !isElsewhere && (moved.isPresent() || live.servedSince().isEmpty()))
                .ifPresent(this::promote);
        return isElsewhere;
    }

    /** Later than any before, whatever the clocks say, since the latest one tells what the alias was pointed to last. */
    private void promote(StoredGeneration generation) {
        var latest = answered.generations().stream()
                .flatMap(stored -> stored.servedSince().stream())
                .max(Comparator.naturalOrder())
                .map(before -> before.plusMillis(1))
                .filter(seen.now()::isBefore);
        steps.add(new CorpusStep.Promote(generation.number(), latest.orElse(seen.now())));
    }

    /** On the way to what is wanted. */
    private void goOn() {
        if (declared.release().rollbackTo().isPresent()) {
            generations.candidate().filter(Generations::isUsable).ifPresent(this::promote);
        } else if (change.isEmpty() || change.get().admits()) {
            generations.candidate().ifPresentOrElse(this::build, this::create);
        }
    }

    /** What can be gone back to without a loss is synced like the live one, where it takes nobody's turn, and no more often than each minute. */
    private void keepFormerFresh() {
        if (!sharing.allows(sharing.runs())) {
            return;
        }
        kept.stream().filter(one -> one.isFresh(seen.now())).forEach(one -> {
            one.freshUntil().ifPresent(wakeUps::add);
            new RunSchedule(seen, declared, one.generation())
                    .kept(KEPT_FRESH)
                    .ifPresent(due ->
                            start(due, RunMode.Incremental, one.generation().number(), seen.inputs()));
        });
    }

    /** Nobody tells the operator that something was pushed, so it looks. */
    private void takeWhatIsPushed() {
        if (declared.inlet().isPresent()) {
            wakeUps.add(seen.now().plus(LOOK_AT_INBOX));
            if (answered.pushed().isEmpty()) {
                steps.add(new CorpusStep.CreateInbox(declared.replicas()));
            }
        }
    }

    private void stopRunsThatNobodyWaitsFor() {
        seen.runs().stream()
                .filter(run -> run.isUnfinished() && !run.going() && run.ours())
                .filter(run -> run.generation().isPresent()
                        && Stream.concat(
                                        Stream.of(generations.live(), generations.candidate())
                                                .flatMap(Optional::stream),
                                        kept.stream()
                                                .filter(one -> one.isFresh(seen.now()))
                                                .map(Kept::generation))
                                .noneMatch(generation -> run.fills(generation.number())))
                .forEach(run -> steps.add(new CorpusStep.StopRun(run.name())));
    }

    private Optional<Instant> keepFresh(StoredGeneration live) {
        if (!live.intact()) {
            return Optional.empty();
        }
        var schedule = new RunSchedule(seen, declared, live);
        var due = sync(live, schedule);
        var possible = due.filter(next -> answered.closed().isEmpty());
        forecast = live.state().map(state -> schedule.forecast(state, possible));
        forecast.ifPresent(ahead -> wakeUps.add(ahead.nextLook(seen.now())));
        live.state()
                .flatMap(state -> declared.access().map(access -> access.staleAt(state.freshAsOf())))
                .ifPresent(wakeUps::add);
        if (forecast.isPresent() && forecast.get().deadline().isBefore(seen.now())) {
            wakeUps.add(seen.now().plus(declared.timing().level().percentOfBudget()));
        }
        return due.map(Due::at).filter(seen.now()::isBefore);
    }

    /** Where the runs of a corpus take turns, what follows its sources leaves them to a build. */
    private Optional<Due> sync(StoredGeneration live, RunSchedule schedule) {
        var turns = !sharing.allows(2) && !generations.settled();
        if (!declared.timing().continuous() || turns) {
            stop(Follower.all(seen));
            var due = schedule.incremental(turns);
            due.ifPresent(next -> start(next, RunMode.Incremental, live.number(), seen.inputs()));
            return due;
        }
        var follower = new Follower(seen, declared, live, sharing.part());
        stop(follower.outdated());
        wakeUps.add(seen.now().plus(Follower.LOOK));
        var due = schedule.following();
        due.ifPresent(next -> start(next, RunMode.Follow, live.number(), follower.inputs()));
        return due;
    }

    private void stop(List<SeenRun> runs) {
        runs.stream()
                .map(run -> new CorpusStep.StopRun(run.name()))
                .filter(stop -> !steps.contains(stop))
                .forEach(steps::add);
    }

    private void create() {
        if (answered.closed().isPresent()) {
            return;
        }
        var number = generations.next();
        var first = RunSchedule.admitted(new Due(seen.now(), Trigger.Build), declared.timing(), seen);
        first.ifPresent(due -> {
            if (!due.at().isAfter(seen.now())) {
                steps.add(new CorpusStep.CreateGeneration(desired.numbered(number), declared.replicas()));
            }
            start(due, RunMode.Build, number, seen.inputs());
        });
    }

    private void build(StoredGeneration candidate) {
        if (isReplacement(candidate) && !isBeingFilled(candidate)) {
            promote(candidate);
            return;
        }
        var schedule = new RunSchedule(seen, declared, candidate);
        var next = Generations.withheld(candidate).isPresent() ? schedule.waiting() : schedule.build();
        next.ifPresent(due -> start(due, RunMode.Build, candidate.number(), seen.inputs()));
    }

    /** What a run deletes that began before was not judged as what searches miss. */
    private boolean isBeingFilled(StoredGeneration candidate) {
        return seen.runs().stream()
                .anyMatch(run -> run.fills(candidate.number()) && run.isUnfinished() && run.phase() != RunPhase.Queued);
    }

    /** Whether a candidate holds what the sources hold, would lose nothing without approval, and is about as fresh as what it replaces. */
    private boolean isReplacement(StoredGeneration candidate) {
        if (candidate.state().isEmpty() || Generations.withheld(candidate).isPresent()) {
            return false;
        }
        var state = candidate.state().get();
        var runs = seen.runs().stream()
                .filter(run -> run.phase() == RunPhase.Succeeded && run.fills(candidate.number()))
                .toList();
        var caughtUp = runs.size() > 1;
        var applied = Optional.of(state.sourcesDigest()).equals(seen.sourcesDigest())
                || runs.stream().anyMatch(run -> run.inputs().equals(Optional.of(seen.inputs())));
        var live = generations.live().flatMap(StoredGeneration::state);
        var fresh = live.isEmpty()
                || !state.freshAsOf().isBefore(live.get().freshAsOf())
                || state.freshAsOf().plus(declared.maxStaleness()).isAfter(seen.now());
        return applied && (fresh || caughtUp) && isNoStepBack(state);
    }

    /** Nobody is to see again what was taken from them while the candidate was being built. */
    private boolean isNoStepBack(GenerationState candidate) {
        return declared.access().isEmpty()
                || generations
                        .live()
                        .flatMap(StoredGeneration::state)
                        .filter(live ->
                                live.hidden() != null && candidate.freshAsOf().isBefore(live.freshAsOf()))
                        .isEmpty();
    }

    private void start(Due due, RunMode mode, int generation, String inputs) {
        wakeUps.add(due.at());
        if (answered.closed().isEmpty() && !due.at().isAfter(seen.now())) {
            sequence++;
            share(generation);
            steps.add(new CorpusStep.StartRun(
                    sequence,
                    mode,
                    generation,
                    due.trigger(),
                    inputs,
                    mode == RunMode.Build ? new ChangeStatus(seen, change, generations).planned() : null));
        }
    }

    private void share(int generation) {
        var model = Stream.of(generations.live(), generations.candidate())
                .flatMap(Optional::stream)
                .filter(found -> found.number() == generation)
                .flatMap(found -> found.manifest().stream())
                .findFirst()
                .orElse(desired)
                .at(desired.model())
                .model();
        if (model.cache() != null || model instanceof RemoteModel) {
            steps.add(new CorpusStep.Share(model, declared.replicas()));
        }
    }

    private void delete(StoredGeneration generation) {
        var used = seen.runs().stream()
                .anyMatch(run -> run.fills(generation.number()) && (run.isUnfinished() || run.going()));
        if (!used) {
            steps.add(new CorpusStep.DeleteGeneration(generation.number()));
        }
    }

    /** What was computed for a change that is not wanted any more is of use for the one that is. */
    private boolean hasVectors(StoredGeneration abandoned) {
        return !generations.settled()
                && abandoned.intact()
                && abandoned
                        .manifest()
                        .filter(given ->
                                given.model().digest().equals(desired.model().digest()))
                        .isPresent();
    }

    /** Former generations go when another one serves and nobody has read them for a while. */
    private void deleteFormer() {
        if (!generations.settled()) {
            return;
        }
        for (var one : kept) {
            if (!one.stays() && one.replacedAt().isPresent()) {
                var earliest = one.replacedAt().get().plus(ReadCounts.QUIET);
                var isQuiet = answered.quiet().contains(one.generation().number());
                if (isQuiet && !earliest.isAfter(seen.now())) {
                    delete(one.generation());
                } else {
                    wakeUps.add(seen.now().plus(ReadCounts.QUIET));
                }
            }
        }
    }

    private void forgetOldRuns() {
        for (var phase : List.of(RunPhase.Succeeded, RunPhase.Failed)) {
            seen.runs().stream()
                    .filter(run -> run.phase() == phase && !run.going())
                    .sorted(Comparator.comparing(
                                    (SeenRun run) -> run.finishedAt().orElse(run.createdAt()))
                            .reversed())
                    .skip(seen.retained())
                    .forEach(run -> steps.add(new CorpusStep.ForgetRun(run.name())));
        }
    }

    static long lastSequence(CorpusObservation seen) {
        var recorded = seen.previous()
                .map(CorpusStatus::lastRun)
                .map(CorpusStatus.LastRun::sequence)
                .orElse(0L);
        return seen.runs().stream().mapToLong(SeenRun::sequence).reduce(recorded, Math::max);
    }
}
