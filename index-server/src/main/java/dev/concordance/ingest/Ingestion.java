package dev.concordance.ingest;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.remote.Purse;
import dev.concordance.index.Shard;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RemoteParser;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.parse.remote.ParsingService;
import dev.concordance.parse.worker.ParserProcess;
import dev.concordance.source.Source;
import dev.concordance.spool.Spools;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run: what the sources hold now becomes what the generation holds. A large one can be prepared by several workers side by
 * side, each of which writes the new and changed documents of its shard and nothing else; the run that follows them does whatever they have
 * left, and is the only one that deletes, judges what disappears, and says how fresh the generation is.
 */
public final class Ingestion {
    /** Fewer documents in quarantine than these say nothing of a generation as a whole. */
    private static final int FEW = 20;

    private final RunSpecification specification;
    private final Function<SourceManifest, Source> sources;
    private final Clock clock;
    private final StopSignal stop;
    private final Worker worker;
    private final Path workspace;
    private final @Nullable Shard shard;
    private final Progress progress = new Progress();

    /** A run by one worker. */
    public Ingestion(
            RunSpecification specification,
            ElasticsearchConnection elasticsearch,
            Function<SourceManifest, Source> sources,
            Function<Purse, Embedder> model,
            Path workspace,
            Clock clock,
            StopSignal stop) {
        this(specification, elasticsearch, sources, model, workspace, clock, stop, null);
    }

    /**
     * A run, or its preparation.
     *
     * @param model loads the model, which spends from the purse; asked only if there is something to cut or embed
     * @param workspace a folder for what the run has to remember and doesn't fit in memory
     * @param shard whose documents are prepared; null: the run itself
     */
    public Ingestion(
            RunSpecification specification,
            ElasticsearchConnection elasticsearch,
            Function<SourceManifest, Source> sources,
            Function<Purse, Embedder> model,
            Path workspace,
            Clock clock,
            StopSignal stop,
            @Nullable Shard shard) {
        this.shard = shard;
        this.workspace = workspace;
        this.specification = specification;
        this.sources = sources;
        this.clock = clock;
        this.stop = stop;
        this.worker = new Worker(specification, elasticsearch, model, clock, shard, change -> {});
    }

    /** Has the service that reads documents, where one is declared, opened so. */
    public Ingestion parsing(Function<RemoteParser, ParsingService> opening) {
        worker.parsing(opening);
        return this;
    }

    /** Does the run and gives its counts; throws what {@link Failures} knows, after having reported it in the ledger. */
    public Counts run() {
        var unfinishedSince = worker.take();
        var began = clock.instant();
        try (var reporting =
                new Reporting(specification, worker.reporter(), worker.ledger(), progress, worker::spent, clock)) {
            reporting.begin();
            try {
                if (specification.from() != null) {
                    copy(reporting, unfinishedSince, specification.from());
                } else if (shard == null) {
                    sync(reporting, unfinishedSince);
                } else {
                    prepare(reporting, shard);
                }
                measure(began);
                worker.shared().expire();
                worker.settle();
                reporting.end(null);
            } catch (RuntimeException e) {
                if (Failures.of(e).reason() == FailureReason.Stopped
                        && (shard != null || unfinishedSince == worker.ledger().epoch())) {
                    worker.release();
                }
                settle(e);
                reporting.fail(e);
                throw e;
            }
        }
        return progress.counts();
    }

    /** How fast a build was tells how long the next one is going to take. */
    private void measure(Instant began) {
        if (specification.mode() == RunMode.Build) {
            var ledger = worker.ledger();
            var known = ledger.throughput();
            var now = progress.throughput(
                    known,
                    specification.manifest().model().digest(),
                    shard == null ? 1 : shard.count(),
                    Duration.between(began, clock.instant()));
            if (!now.equals(known)) {
                ledger.write(now);
            }
        }
    }

    private void settle(RuntimeException cause) {
        try {
            worker.settle();
        } catch (RuntimeException unwritten) {
            cause.addSuppressed(unwritten);
        }
    }

    /** Writes what is new and what has changed in a shard, as far as its source lets several workers read it. */
    private void prepare(Reporting reporting, Shard own) {
        try (var spools = Spools.in(workspace);
                var parser = new ParserProcess(workspace);
                var documents = worker.documents(parser);
                var survey =
                        worker.survey(specification.ofDivisibleSources(), sources, spools, documents, Scope.PENDING)) {
            // A worker of this shard that was lost may have written what nobody could find yet.
            worker.reader().refresh();
            var records = worker.reader().records(spools);
            survey.list(stop, survey.names(), records, Map.of());
            var difference = survey.difference(records, own);
            reporting.listed(Map.of(), null);
            var round = new Round(worker, worker::embedder, spools, stop, progress);
            var unread = round.prepare(difference, survey, !records.isEmpty());
            worker.release();
            survey.failIfIncomplete(unread);
        }
    }

    private void sync(Reporting reporting, long unfinishedSince) {
        var verifies = specification.mode() == RunMode.Verify;
        try (var spools = Spools.in(workspace);
                var parser = new ParserProcess(workspace);
                var documents = worker.documents(parser);
                var survey = worker.survey(
                        specification, sources, spools, documents, verifies ? Scope.ALL : Scope.PENDING)) {
            var found = worker.inventory(unfinishedSince, verifies, spools);
            if (verifies) {
                progress.audited(found.audit());
            }
            var freshAsOf = clock.instant();
            var before = worker.state();
            var former = verifies ? Map.<String, String>of() : positions(before);
            survey.list(stop, survey.names(), found.records(), former);
            var difference = survey.difference(found.records(), found.redone());
            reporting.listed(survey.positions(), freshAsOf);
            var course = new Course(specification, before);
            worker.guard().goOnFrom(course, freshAsOf);
            var round = new Round(worker, worker::embedder, spools, stop, progress);
            var done = round.apply(difference, survey, found, before);
            if (found.resumes()) {
                removeLeftovers(unfinishedSince, survey, done, spools);
            }
            reach(survey, done);
            survey.failIfIncomplete(done.unread());
            failIfUnreadable(round.total());
            course.gone(done.verdict().allowed(), clock.instant());
            var tracing = worker.tracing(before);
            var listed = new Course.Listed(
                    freshAsOf,
                    positions(survey, former, done.verdict(), round.total()),
                    done.changed(),
                    done.verdict().withheld(),
                    tracing.trace(freshAsOf, clock.instant()),
                    true);
            end(course, listed, round.total(), tracing);
        }
    }

    /** What is told of the other generation is read before its records are, so that nothing is promised that isn't copied. */
    private void copy(Reporting reporting, long unfinishedSince, int from) {
        try (var spools = Spools.in(workspace)) {
            var found = worker.inventory(unfinishedSince, false, spools);
            var told = worker.ledger().state(from).orElseThrow(() -> RunException.nothingToCopy(from));
            var reached = worker.ledger().reached(from);
            reporting.listed(told.positions(), told.freshAsOf());
            var copying = new Copying(worker, from, spools, stop, progress);
            copying.copy(found);
            if (found.resumes()) {
                worker.removeLeftovers(unfinishedSince, worker.reader().records(spools), chunk -> true, spools);
            }
            failIfUnreadable(copying.total());
            reached.ifPresent(up -> worker.ledger().reach(worker.generation(), up.positions(), up.withheld()));
            var tracing = worker.tracing(worker.state());
            var listed = new Course.Listed(
                    told.freshAsOf(),
                    told.without(copying.again()).positions(),
                    true,
                    told.withheld(),
                    tracing.trace(told.freshAsOf(), clock.instant()),
                    false);
            end(new Course(specification, Optional.of(told)), listed, copying.total(), tracing);
        }
    }

    private void removeLeftovers(long unfinishedSince, Survey survey, Round.Done done, Spools spools) {
        worker.removeLeftovers(
                unfinishedSince,
                worker.reader().records(spools),
                chunk -> survey.hasRead(chunk) && !done.left().containsKey(chunk.key()),
                spools);
    }

    private static Map<String, String> positions(Optional<GenerationState> state) {
        return state.map(GenerationState::positions).orElse(Map.of());
    }

    private void reach(Survey survey, Round.Done done) {
        if (done.unread().isEmpty()) {
            var withheld = done.verdict().withheld() != null;
            worker.ledger().reach(worker.generation(), survey.pushed(), withheld);
        }
    }

    /** What a source tells once is told again as long as some of it is withheld or lacks vectors. */
    private static Map<String, String> positions(
            Survey survey, Map<String, String> former, Verdict verdict, Tally total) {
        var isDone = verdict.withheld() == null && total.pendingEmbeddings() == 0;
        return isDone ? survey.positions() : survey.positionsToReturnTo(former);
    }

    /** A generation that could replace nothing well is not complete. */
    private void failIfUnreadable(Tally total) {
        var allowed = specification.limits().maxQuarantinedPercent();
        var quarantined = total.quarantined();
        if (specification.mode() == RunMode.Build
                && quarantined >= FEW
                && quarantined * 100 > total.documents() * allowed) {
            throw RunException.tooManyFailures(quarantined, total.documents(), allowed);
        }
    }

    private void end(Course course, Course.Listed listed, Tally total, Tracing tracing) {
        var now = clock.instant();
        var state = course.state(
                listed,
                total,
                progress.quarantineSample(),
                progress.hiddenSample(),
                worker.latencies().told(now),
                now);
        worker.ledger().write(state);
        tracing.clear();
        worker.recall().measure(state, now).ifPresent(recall -> worker.ledger().write(state.with(recall)));
        worker.ledger().finish(worker.generation());
    }
}
