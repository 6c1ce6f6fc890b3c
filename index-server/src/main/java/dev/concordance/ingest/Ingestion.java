package dev.concordance.ingest;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.remote.Purse;
import dev.concordance.index.Audit;
import dev.concordance.index.DocumentChange;
import dev.concordance.index.GenerationReader;
import dev.concordance.index.GenerationWriter;
import dev.concordance.index.Ledger;
import dev.concordance.index.Leftover;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.Shard;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.RemoteParser;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Spending;
import dev.concordance.manifest.Withheld;
import dev.concordance.parse.remote.ParsingService;
import dev.concordance.parse.worker.ParserProcess;
import dev.concordance.shared.SharedPurse;
import dev.concordance.shared.SharedVectors;
import dev.concordance.source.Source;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One run: what the sources hold now becomes what the generation holds. A large one can be prepared by several workers side by
 * side, each of which writes the new and changed documents of its shard and nothing else; the run that follows them does whatever they have
 * left, and is the only one that deletes, judges what disappears, and says how fresh the generation is.
 */
public final class Ingestion {
    private static final System.Logger LOG = System.getLogger(Ingestion.class.getName());

    /** Fewer documents in quarantine than these say nothing of a generation as a whole. */
    private static final int FEW = 20;

    private final RunSpecification specification;
    private final Function<SourceManifest, Source> sources;
    private final Function<Purse, Embedder> model;
    private final Clock clock;
    private final StopSignal stop;
    private final Ledger ledger;
    private final GenerationReader reader;
    private final GenerationWriter writer;
    private final Guard guard;
    private final SharedVectors shared;
    private final Optional<SharedPurse> purse;
    private final Path workspace;
    private final @Nullable Shard shard;
    private final Progress progress = new Progress();
    private final Tally total = new Tally();
    private Function<RemoteParser, ParsingService> parsing = declared -> {
        throw new IllegalStateException("nobody opens parsing services");
    };

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
        this.model = model;
        this.clock = clock;
        this.stop = stop;
        var generation = specification.manifest().generation();
        ledger = new Ledger(elasticsearch, specification.names(), shard);
        reader = new GenerationReader(elasticsearch, specification.names(), generation);
        writer = new GenerationWriter(elasticsearch, specification.names(), generation, ledger);
        guard = new Guard(specification, elasticsearch, ledger);
        var used = specification.manifest().model();
        shared = new SharedVectors(elasticsearch, specification.names(), used, clock);
        purse = used instanceof RemoteModel remote
                ? Optional.of(new SharedPurse(elasticsearch, specification.names(), remote.access(), clock))
                : Optional.empty();
    }

    /** Has the service that reads documents, where one is declared, opened so. */
    public Ingestion parsing(Function<RemoteParser, ParsingService> opening) {
        parsing = opening;
        return this;
    }

    /** Does the run and gives its counts; throws what {@link Failures} knows, after having reported it in the ledger. */
    public Counts run() {
        reader.check(specification.manifest());
        var generation = specification.manifest().generation();
        var unfinishedSince = ledger.take(specification.run(), generation, clock.instant(), specification.tombstones());
        try (var reporting = new Reporting(specification, shard, ledger, progress, this::spent, clock)) {
            reporting.begin();
            try {
                if (shard == null) {
                    sync(reporting, unfinishedSince);
                } else {
                    prepare(reporting, shard);
                }
                shared.expire();
                purse.ifPresent(SharedPurse::close);
                reporting.end(null);
            } catch (RuntimeException e) {
                if (Failures.of(e).reason() == FailureReason.Stopped
                        && (shard != null || unfinishedSince == ledger.epoch())) {
                    release();
                }
                closePurse(e);
                reporting.fail(e);
                throw e;
            }
        }
        return progress.counts();
    }

    /**
     * Ends without having judged anything. Also a run that was told to stop did so between documents, so the next one finds
     * nothing half written.
     */
    private void release() {
        reader.refresh();
        state().ifPresent(state -> ledger.write(state.changed(clock.instant())));
        ledger.finish(specification.manifest().generation());
    }

    private Spending.@Nullable Amount spent() {
        return purse.map(SharedPurse::spent).orElse(null);
    }

    private void closePurse(RuntimeException cause) {
        try {
            purse.ifPresent(SharedPurse::close);
        } catch (RuntimeException unwritten) {
            cause.addSuppressed(unwritten);
        }
    }

    /** Writes what is new and what has changed in a shard, as far as its source lets several workers read it. */
    private void prepare(Reporting reporting, Shard own) {
        try (var spools = Spools.in(workspace);
                var parser = new ParserProcess(workspace);
                var documents = documents(parser);
                var survey = new Survey(specification.ofDivisibleSources(), sources, spools, documents)) {
            var records = reader.records(spools);
            survey.list(stop, records, Map.of());
            var difference = survey.difference(records, own);
            progress.planned(difference);
            reporting.listed(Map.of(), null);
            var losses = new Losses(spools);
            var unread = indexing()
                    .index(difference.work(), survey, !records.isEmpty(), withholding(losses), progress::written);
            release();
            survey.failIfIncomplete(unread);
        }
    }

    private DocumentReader documents(ParserProcess process) {
        var declared = Optional.ofNullable(specification.manifest().parser());
        return new DocumentReader(process, declared.map(parsing));
    }

    private Indexing indexing() {
        return new Indexing(
                specification,
                model,
                purse.<Purse>map(own -> own).orElse(Purse.FREE),
                reader,
                writer,
                shared,
                ledger.epoch(),
                progress,
                stop);
    }

    /** Where searches are answered from this generation, what they would miss is not written but taken aside. */
    private UnaryOperator<List<DocumentChange>> withholding(Losses losses) {
        return guard.isServed() ? losses::withhold : UnaryOperator.identity();
    }

    private void sync(Reporting reporting, long unfinishedSince) {
        var resumes = unfinishedSince != ledger.epoch();
        var verifies = specification.mode() == RunMode.Verify;
        try (var spools = Spools.in(workspace);
                var parser = new ParserProcess(workspace);
                var documents = documents(parser);
                var survey = new Survey(specification, sources, spools, documents)) {
            var found = inventory(resumes, unfinishedSince, verifies, spools);
            var freshAsOf = clock.instant();
            var former = verifies ? Map.<String, String>of() : positions();
            survey.list(stop, found.records(), former);
            var difference = survey.difference(found.records(), found.redone());
            total.addAll(difference.before());
            progress.planned(difference);
            reporting.listed(survey.positions(), freshAsOf);
            var strays = found.strays();
            log(difference, strays.size());
            forget(survey.startedOver());
            changeAccess(difference, survey);
            var losses = new Losses(spools);
            var unread = indexing().index(difference.work(), survey, found.isFilled(), withholding(losses), this::keep);
            var lost = losses.end();
            var verdict = guard.judge(difference, lost, survey, reader, spools);
            remove(verdict, lost);
            writer.remove(strays);
            var changed = resumes || !strays.isEmpty() || hasChanged(difference, verdict);
            if (Guard.mark(verdict, difference, writer) > 0 || changed) {
                reader.refresh();
            }
            if (resumes) {
                writer.remove(reader.leftovers(unfinishedSince, reader.records(spools), spools));
            }
            if (unread.isEmpty()) {
                ledger.reach(specification.manifest().generation(), survey.pushed(), verdict.withheld() != null);
            }
            survey.failIfIncomplete(unread);
            failIfUnreadable();
            end(positions(survey, former, verdict), freshAsOf, changed, verdict.withheld());
        }
    }

    private boolean hasChanged(Difference difference, Verdict verdict) {
        return progress.hasWritten()
                || !difference.others().isEmpty()
                || !verdict.removed().isEmpty();
    }

    /** What a source tells once is told again as long as some of it is withheld or lacks vectors. */
    private Map<String, String> positions(Survey survey, Map<String, String> former, Verdict verdict) {
        var isDone = verdict.withheld() == null && total.pendingEmbeddings() == 0;
        return isDone ? survey.positions() : survey.positionsToReturnTo(former);
    }

    private Map<String, String> positions() {
        return state().map(GenerationState::positions).orElse(Map.of());
    }

    private Optional<GenerationState> state() {
        return ledger.state(specification.manifest().generation());
    }

    /**
     * From now on the generation is not what it was at these sources' positions, until the run has ended: had it to go back to
     * what it was declared as before, only another whole listing would tell what to undo.
     */
    private void forget(Set<String> startedOver) {
        state().filter(state -> !Collections.disjoint(state.positions().keySet(), startedOver))
                .ifPresent(state -> ledger.write(state.without(startedOver)));
    }

    private Inventory inventory(boolean resumes, long unfinishedSince, boolean verifies, Spools spools) {
        if (resumes || verifies) {
            reader.refresh();
        }
        var records = reader.records(spools);
        var audit = Audit.NOTHING;
        if (verifies) {
            audit = reader.audit(records, spools);
            ledger.outrun(audit.newest());
            progress.audited(audit);
        }
        var leftovers = resumes ? reader.leftovers(unfinishedSince, records, spools) : List.<Leftover>of();
        return new Inventory(records, leftovers, audit);
    }

    /** Before anything else: nobody goes on seeing a document because another one has to be embedded. */
    private void changeAccess(Difference difference, Survey survey) {
        if (difference.others().isEmpty()) {
            return;
        }
        writer.apply(
                difference.others(),
                file -> {
                    stop.check();
                    var acl = survey.acl(file);
                    return DocumentChange.ofAccess(file, file.with(ManifestRecord.Access.of(acl)), acl.principals());
                },
                this::count);
        reader.refresh();
    }

    private void log(Difference difference, int strays) {
        LOG.log(
                System.Logger.Level.INFO,
                "listed run=%s work=%d gone=%d unchanged=%d others=%d strays=%d"
                        .formatted(
                                specification.run(),
                                difference.work().size(),
                                difference.gone().size(),
                                difference.unchanged().documents(),
                                difference.others().size(),
                                strays));
    }

    private void remove(Verdict verdict, Sequence<Loss> lost) {
        try (var losses = lost.open()) {
            writer.apply(
                    verdict.removed(),
                    record -> {
                        stop.check();
                        return Losses.change(record, losses);
                    },
                    this::keep);
        }
        Losses.withheld(lost, verdict.removed(), progress::withheld);
    }

    /** A generation that could replace nothing well is not complete. */
    private void failIfUnreadable() {
        var allowed = specification.limits().maxQuarantinedPercent();
        var quarantined = total.quarantined();
        if (specification.mode() == RunMode.Build
                && quarantined >= FEW
                && quarantined * 100 > total.documents() * allowed) {
            throw RunException.tooManyFailures(quarantined, total.documents(), allowed);
        }
    }

    private void keep(DocumentChange change) {
        progress.written(change);
        count(change);
    }

    private void count(DocumentChange change) {
        if (change.before() != null) {
            total.remove(change.before());
        }
        if (change.after() != null) {
            total.add(change.after());
        }
    }

    private void end(Map<String, String> positions, Instant freshAsOf, boolean changed, @Nullable Withheld withheld) {
        var generation = specification.manifest().generation();
        var changedAt = changed
                ? clock.instant()
                : state().map(GenerationState::changedAt).orElseGet(clock::instant);
        ledger.write(new GenerationState(
                generation,
                specification.run(),
                freshAsOf,
                total.indexed(),
                total.chunks(),
                total.quarantined(),
                total.pendingEmbeddings(),
                GenerationState.digest(specification.sources()),
                positions,
                progress.quarantineSample(),
                changedAt,
                withheld,
                clock.instant(),
                specification.manifest().documentLevel()
                        ? new GenerationState.Hidden(total.hidden(), progress.hiddenSample())
                        : null));
        ledger.finish(generation);
    }
}
