package dev.concordance.ingest;

import dev.concordance.access.AccessRules;
import dev.concordance.embedding.Embedder;
import dev.concordance.index.Audit;
import dev.concordance.index.Leftover;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Withheld;
import dev.concordance.parse.worker.ParserProcess;
import dev.concordance.source.Listing;
import dev.concordance.source.Listing.Extent;
import dev.concordance.source.Source;
import dev.concordance.source.SourceException;
import dev.concordance.spool.Spools;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of a run that follows its sources, as long as it holds the lease. A round asks those that are due, and does no more
 * than note when where they tell of nothing new. Every quarter of an hour, and as the first, a full one asks all of them, again
 * for what was withheld, could not be read or has no vectors.
 */
final class Rounds {
    private static final Duration FULL = Duration.ofMinutes(15);
    private static final Duration FULL_SOON = Duration.ofMinutes(1);
    /** Longer than it takes to say that a round is done, which would make the next one late. */
    private static final Duration AT_ONCE = Duration.ofMillis(200);

    private static final long NOTHING = 0;

    private final RunSpecification specification;
    private final Worker worker;
    private final HeldRecords held;
    private final Chronicle chronicle;
    private final Function<SourceManifest, Source> sources;
    private final Embedder embedder;
    private final ParserProcess parser;
    private final Path workspace;
    private final StopSignal stop;
    private final Course course;
    private final Tracing tracing;
    /** When what a source told last was asked for. */
    private final Map<String, Instant> listedAt = new HashMap<>();
    /** What a source that lists all it holds told last, of which everything was done. */
    private final Map<String, Told> told = new HashMap<>();
    /** What was read of each source. */
    private final Map<String, String> reached = new HashMap<>();
    /** Why sources can't be read at the moment. */
    private final Map<String, RuntimeException> failing = new TreeMap<>();
    /** Up to where it has been said of each source that is pushed to. */
    private final Map<String, String> searchable = new HashMap<>();
    /** What another worker has to go on from. */
    private final Map<String, String> positions;

    private @Nullable Withheld withheld;
    private boolean saidWithheld;
    private Instant nextFull;
    private Instant lastTold = Instant.EPOCH;
    /** First epoch of which something of this round may be half written. */
    private long unfinishedSince;
    /** The same of what another worker was at, as long as some of it may be. */
    private long leftSince;
    /** Sources that were not read since another worker was at them. */
    private final Set<String> unresumed = new HashSet<>();
    /** What it has left of them. */
    private List<Leftover> leftovers = List.of();
    /** Whether only the lease doesn't know yet that all is done. */
    private boolean isUnsaid;

    private record Told(String position, @Nullable AccessRules access) {}

    Rounds(
            RunSpecification specification,
            Worker worker,
            HeldRecords held,
            Chronicle chronicle,
            Function<SourceManifest, Source> sources,
            Embedder embedder,
            ParserProcess parser,
            Path workspace,
            StopSignal stop) {
        this.specification = specification;
        this.worker = worker;
        this.held = held;
        this.chronicle = chronicle;
        this.sources = sources;
        this.embedder = embedder;
        this.parser = parser;
        this.workspace = workspace;
        this.stop = stop;
        var state = worker.state();
        course = new Course(specification, state);
        tracing = worker.tracing(state);
        positions = new HashMap<>(state.map(GenerationState::positions).orElse(Map.of()));
        positions.keySet().retainAll(declared());
        state.ifPresent(
                before -> specification.sources().forEach(source -> listedAt.put(source.name(), before.freshAsOf())));
        withheld = state.map(GenerationState::withheld).orElse(null);
        nextFull = worker.clock().instant();
    }

    /** The first round, which finishes what another worker has begun, as far as the sources of it can be read. */
    void first(Inventory found, long unfinished, Agenda agenda) {
        unfinishedSince = unfinished;
        if (found.resumes()) {
            leftSince = unfinished;
            leftovers = found.leftovers();
            unresumed.addAll(declared());
        }
        round(agenda, found);
    }

    /** Another one. */
    void next(Agenda agenda) {
        round(agenda, new Inventory(held.records(), leftovers, Audit.NOTHING, false));
    }

    /** When another one begins: when a source is to be asked, and in any case when all of them are. */
    Instant due(Agenda agenda) {
        return agenda.next().isBefore(nextFull) ? agenda.next() : nextFull;
    }

    private void round(Agenda agenda, Inventory found) {
        var begun = worker.clock().instant();
        var full = !begun.isBefore(nextFull);
        if (full) {
            agenda.hurryAll(begun);
            nextFull = begun.plus(FULL);
        }
        var due = agenda.due(begun);
        try (var spools = Spools.in(workspace);
                var documents = worker.documents(parser);
                var survey = worker.survey(
                        specification, sources, spools, documents, full ? Scope.PENDING : Scope.CHANGED)) {
            var done = act(survey, due, full, found, spools);
            resume(survey, done.map(Round.Done::left).orElse(Map.of()).values(), spools);
            note(survey, due, begun, agenda, done);
            report(full, begun);
            tell(begun, agenda, done);
            end(agenda);
        }
        if (full) {
            worker.shared().expire();
        }
    }

    /** What has been done about what the sources tell; nothing, if there was nothing to do. */
    private Optional<Round.Done> act(Survey survey, Set<String> due, boolean full, Inventory found, Spools spools) {
        Difference difference;
        try {
            survey.list(stop, due, found.records(), full ? positions : reached);
            if (!full && due.stream().noneMatch(name -> isNews(survey.listing(name), name))) {
                return Optional.empty();
            }
            difference = survey.difference(found.records(), found.redone());
        } catch (SourceException e) {
            // The survey knows of which source.
            return Optional.empty();
        }
        return difference.isNone() && !found.resumes()
                ? Optional.empty()
                : Optional.of(apply(difference, survey, found, spools));
    }

    private Round.Done apply(Difference difference, Survey survey, Inventory found, Spools spools) {
        if (unfinishedSince == NOTHING) {
            worker.ledger().renew(worker.generation(), unresumed.isEmpty());
            unfinishedSince = worker.ledger().epoch();
            isUnsaid = false;
        }
        worker.guard().goOnFrom(course, worker.clock().instant());
        var progress = new Progress();
        var done = new Round(worker, () -> embedder, spools, stop, progress)
                .apply(difference, survey, found, course.last());
        held.bringUpToDate();
        worker.settle();
        chronicle.count(progress.counts());
        course.gone(done.verdict().allowed(), worker.clock().instant());
        withheld = done.verdict().withheld();
        return done;
    }

    /**
     * Of what another worker has left half written nothing is left where it was read again; a source that can't be read holds up no
     * other.
     *
     * @param unread sources of documents that were to be read again and could not be
     */
    private void resume(Survey survey, Collection<String> unread, Spools spools) {
        var rest = new HashSet<>(unresumed);
        rest.removeIf(source -> survey.positions().containsKey(source) && !unread.contains(source));
        if (rest.size() < unresumed.size()) {
            worker.removeLeftovers(leftSince, held.records(), chunk -> !rest.contains(chunk.source()), spools);
            leftovers = leftovers.stream()
                    .filter(chunk -> rest.contains(chunk.source()))
                    .toList();
            unresumed.retainAll(rest);
        }
    }

    private Set<String> declared() {
        return specification.sources().stream().map(SourceManifest::name).collect(Collectors.toSet());
    }

    private boolean isNews(@Nullable Listing listing, String source) {
        if (listing == null) {
            return false;
        }
        return listing.extent() == Extent.Changes
                ? !listing.entries().isEmpty()
                : !new Told(listing.position(), listing.access()).equals(told.get(source));
    }

    /** Keeps in mind what is known of each source now. */
    private void note(Survey survey, Set<String> due, Instant begun, Agenda agenda, Optional<Round.Done> done) {
        var unread = done.flatMap(Round.Done::unread);
        var complete = survey.positions().keySet();
        var listed = begun.plus(survey.took());
        for (var source : due) {
            var listing = survey.listing(source);
            if (listing != null && complete.contains(source) && unread.isEmpty()) {
                failing.remove(source);
                listedAt.put(source, begun);
                told.put(source, new Told(listing.position(), listing.access()));
                reached.put(source, listing.position());
                agenda.answered(source, survey.took(source), listed);
            } else {
                failing.put(source, unread.orElseGet(() -> Objects.requireNonNull(survey.failure(source))));
                told.remove(source);
                agenda.failed(source, worker.clock().instant());
            }
        }
        if (unread.isEmpty()) {
            reach(survey);
            advance(survey);
        } else {
            // What they hold is not what it was at their positions, nor yet what it is at others.
            positions.keySet().removeAll(survey.startedOver());
        }
    }

    /** Tells how the run stands. How fresh it is changes each second, so of that only full rounds tell. */
    private void report(boolean full, Instant begun) {
        if (full && failing.isEmpty()) {
            chronicle.fresh(freshAsOf(begun));
        }
        chronicle.quarantined(held.tally().sample());
        failing.values().stream()
                .findFirst()
                .ifPresentOrElse(failure -> chronicle.failed(Failures.of(failure)), chronicle::following);
    }

    private Instant freshAsOf(Instant begun) {
        return listedAt.values().stream().min(Comparator.naturalOrder()).orElse(begun);
    }

    /** Says up to where what was pushed is searchable, unless that has been said. A round knows it of the sources that it asked. */
    private void reach(Survey survey) {
        var pushed = survey.pushed();
        var isWithheld = withheld != null;
        var isSaid = isWithheld == saidWithheld && searchable.entrySet().containsAll(pushed.entrySet());
        if (!pushed.isEmpty() && !isSaid) {
            worker.ledger().reach(worker.generation(), pushed, isWithheld);
            searchable.putAll(pushed);
            saidWithheld = isWithheld;
        }
    }

    /** What a source tells once is told again to the next worker, as long as some of it is withheld or lacks vectors. */
    private void advance(Survey survey) {
        if (withheld == null && held.tally().pendingEmbeddings() == 0) {
            positions.putAll(reached);
            return;
        }
        positions.keySet().removeAll(survey.startedOver());
        positions.putAll(survey.positionsToReturnTo(positions));
        var guard = specification.deletionGuard();
        if (withheld != null && guard.allows(withheld.documents(), withheld.of())) {
            var soon = worker.clock().instant().plus(FULL_SOON);
            nextFull = soon.isBefore(nextFull) ? soon : nextFull;
        }
    }

    /** Writes down how fresh the generation is; where nothing else is to be said, only as often as it has to be known. */
    private void tell(Instant begun, Agenda agenda, Optional<Round.Done> done) {
        var now = worker.clock().instant();
        if (listedAt.size() < specification.sources().size()) {
            return;
        }
        var changed = done.filter(Round.Done::changed).isPresent();
        if (unfinishedSince == NOTHING && lastTold.plus(agenda.telling()).isAfter(now)) {
            return;
        }
        var freshAsOf = freshAsOf(begun);
        var tally = held.tally();
        var state = course.state(
                new Course.Listed(
                        freshAsOf,
                        positions,
                        changed,
                        withheld,
                        tracing.trace(freshAsOf, now),
                        told.keySet().containsAll(declared())),
                tally,
                tally.sample(),
                tally.hiddenSample(),
                worker.latencies().told(now),
                now);
        if (unfinishedSince == NOTHING) {
            worker.ledger().confirm(state, specification.names().manifest(worker.generation()));
        } else {
            worker.ledger().write(state);
        }
        tracing.clear();
        lastTold = now;
    }

    /** Of a round that another one follows at once, the lease learns that it is done when that one begins to write, or ends without. */
    private void end(Agenda agenda) {
        var wrote = unfinishedSince != NOTHING;
        isUnsaid |= wrote;
        unfinishedSince = NOTHING;
        if (unresumed.isEmpty()
                && (!wrote || due(agenda).isAfter(worker.clock().instant().plus(AT_ONCE)))) {
            say();
        }
    }

    private void say() {
        if (isUnsaid) {
            worker.reader().refreshRecords();
            worker.ledger().done(worker.generation());
            isUnsaid = false;
        }
    }

    /** Ends in order when told to end, so that the next worker finds nothing half written, unless this one did and can't read it. */
    void stop() {
        if (!unresumed.isEmpty()) {
            return;
        }
        if (unfinishedSince == worker.ledger().epoch()) {
            worker.release();
        } else if (unfinishedSince == NOTHING) {
            say();
        }
    }
}
