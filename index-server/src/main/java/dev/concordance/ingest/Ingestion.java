package dev.concordance.ingest;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.remote.Purse;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.parse.worker.ParserProcess;
import dev.concordance.source.Source;
import dev.concordance.source.SourceException;
import dev.concordance.spool.Spools;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One run: what the sources hold now becomes what the generation holds. */
public final class Ingestion {
    /** Fewer documents in quarantine than these say nothing of a generation as a whole. */
    private static final int FEW = 20;

    private final RunSpecification specification;
    private final Function<SourceManifest, Source> sources;
    private final Clock clock;
    private final StopSignal stop;
    private final Worker worker;
    private final Path workspace;
    private final Progress progress = new Progress();

    /**
     * Prepares a run.
     *
     * @param model loads the model, which spends from the purse; asked only if there is something to cut or embed
     * @param workspace a folder for what the run has to remember and doesn't fit in memory
     */
    public Ingestion(
            RunSpecification specification,
            ElasticsearchConnection elasticsearch,
            Function<SourceManifest, Source> sources,
            Function<Purse, Embedder> model,
            Path workspace,
            Clock clock,
            StopSignal stop) {
        this.workspace = workspace;
        this.specification = specification;
        this.sources = sources;
        this.clock = clock;
        this.stop = stop;
        this.worker = new Worker(specification, elasticsearch, model, clock, change -> {});
    }

    /** Does the run and gives its counts; throws what {@link Failures} knows, after having reported it in the ledger. */
    public Counts run() {
        var unfinishedSince = worker.take();
        try (var reporting = new Reporting(specification, worker.ledger(), progress, worker::spent, clock)) {
            reporting.begin();
            try {
                sync(reporting, unfinishedSince);
                worker.shared().expire();
                worker.settle();
                reporting.end(null);
            } catch (RuntimeException e) {
                if (unfinishedSince == worker.ledger().epoch() && Failures.of(e).reason() == FailureReason.Stopped) {
                    worker.release();
                }
                settle(e);
                report(reporting, e);
                throw e;
            }
        }
        return progress.counts();
    }

    private void settle(RuntimeException cause) {
        try {
            worker.settle();
        } catch (RuntimeException unwritten) {
            cause.addSuppressed(unwritten);
        }
    }

    private static void report(Reporting reporting, RuntimeException cause) {
        try {
            reporting.end(Failures.of(cause));
        } catch (RuntimeException unreported) {
            cause.addSuppressed(unreported);
        }
    }

    private void sync(Reporting reporting, long unfinishedSince) {
        var verifies = specification.mode() == RunMode.Verify;
        try (var spools = Spools.in(workspace);
                var parser = new ParserProcess(workspace);
                var survey = new Survey(
                        specification.sources(),
                        sources,
                        spools,
                        new DocumentReader(parser),
                        verifies ? Scope.ALL : Scope.PENDING)) {
            var found = worker.inventory(unfinishedSince, verifies, spools);
            if (verifies) {
                progress.audited(found.audit());
            }
            var freshAsOf = clock.instant();
            var before = worker.state();
            var former = verifies
                    ? Map.<String, String>of()
                    : before.map(GenerationState::positions).orElse(Map.of());
            survey.list(stop, survey.names(), found.records(), former);
            var difference = survey.difference(found.records(), found.redone());
            reporting.listed(survey.positions(), freshAsOf);
            var course = new Course(specification, before);
            worker.guard().count(course.goneLately(freshAsOf));
            var round = new Round(worker, worker::embedder, spools, stop, progress);
            var done = round.apply(difference, survey, found);
            if (found.resumes()) {
                worker.writer()
                        .remove(worker.reader()
                                .leftovers(unfinishedSince, worker.reader().records(spools), spools));
            }
            failIfIncomplete(survey.failures(), done.unread());
            failIfUnreadable(round.total());
            course.gone(done.verdict().allowed(), clock.instant());
            end(course, positions(survey, former, done.verdict(), round.total()), freshAsOf, round.total(), done);
        }
    }

    /** What a source tells once is told again as long as some of it is withheld or lacks vectors. */
    private static Map<String, String> positions(
            Survey survey, Map<String, String> former, Verdict verdict, Tally total) {
        var isDone = verdict.withheld() == null && total.pendingEmbeddings() == 0;
        return isDone ? survey.positions() : survey.positionsToReturnTo(former);
    }

    private static void failIfIncomplete(List<SourceException> unlisted, Optional<RuntimeException> unread) {
        if (!unlisted.isEmpty()) {
            throw unlisted.getFirst();
        }
        if (unread.isPresent()) {
            throw unread.get();
        }
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

    private void end(Course course, Map<String, String> positions, Instant freshAsOf, Tally total, Round.Done done) {
        worker.ledger()
                .write(course.state(
                        new Course.Listed(
                                freshAsOf,
                                positions,
                                done.changed(),
                                done.verdict().withheld()),
                        total,
                        progress.quarantineSample(),
                        progress.hiddenSample(),
                        clock.instant()));
        worker.ledger().finish(worker.generation());
    }
}
