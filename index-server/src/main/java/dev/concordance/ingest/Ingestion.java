package dev.concordance.ingest;

import dev.concordance.chunking.Chunker;
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
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Spending;
import dev.concordance.manifest.Withheld;
import dev.concordance.parse.worker.ParserProcess;
import dev.concordance.shared.SharedPurse;
import dev.concordance.shared.SharedVectors;
import dev.concordance.source.Source;
import dev.concordance.source.SourceException;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One run: what the sources hold now becomes what the generation holds. */
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
    private final Progress progress = new Progress();
    private final Tally total = new Tally();

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
        this.model = model;
        this.clock = clock;
        this.stop = stop;
        var generation = specification.manifest().generation();
        ledger = new Ledger(elasticsearch, specification.names());
        reader = new GenerationReader(elasticsearch, specification.names(), generation);
        writer = new GenerationWriter(elasticsearch, specification.names(), generation, ledger);
        guard = new Guard(specification, elasticsearch, ledger);
        var used = specification.manifest().model();
        shared = new SharedVectors(elasticsearch, specification.names(), used, clock);
        purse = used instanceof RemoteModel remote
                ? Optional.of(new SharedPurse(elasticsearch, specification.names(), remote.access(), clock))
                : Optional.empty();
    }

    /** Does the run and gives its counts; throws what {@link Failures} knows, after having reported it in the ledger. */
    public Counts run() {
        reader.check(specification.manifest());
        var generation = specification.manifest().generation();
        var unfinishedSince = ledger.take(specification.run(), generation, clock.instant());
        try (var reporting = new Reporting(specification, ledger, progress, this::spent, clock)) {
            reporting.begin();
            try {
                sync(reporting, unfinishedSince);
                shared.expire();
                purse.ifPresent(SharedPurse::close);
                reporting.end(null);
            } catch (RuntimeException e) {
                if (unfinishedSince == ledger.epoch() && Failures.of(e).reason() == FailureReason.Stopped) {
                    release();
                }
                closePurse(e);
                report(reporting, e);
                throw e;
            }
        }
        return progress.counts();
    }

    /** A run that was told to stop did so between documents, so the next one finds nothing half written. */
    private void release() {
        var generation = specification.manifest().generation();
        reader.refresh();
        ledger.state(generation).ifPresent(state -> ledger.write(state.changed(clock.instant())));
        ledger.finish(generation);
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

    private static void report(Reporting reporting, RuntimeException cause) {
        try {
            reporting.end(Failures.of(cause));
        } catch (RuntimeException unreported) {
            cause.addSuppressed(unreported);
        }
    }

    private void sync(Reporting reporting, long unfinishedSince) {
        var resumes = unfinishedSince != ledger.epoch();
        var verifies = specification.mode() == RunMode.Verify;
        try (var spools = Spools.in(workspace);
                var parser = new ParserProcess(workspace);
                var survey =
                        new Survey(specification.sources(), sources, spools, new DocumentReader(parser), verifies)) {
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
            var unread = index(difference, survey, found.isFilled(), losses);
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
            failIfIncomplete(survey.failures(), unread);
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
        return ledger.state(specification.manifest().generation())
                .map(GenerationState::positions)
                .orElse(Map.of());
    }

    /**
     * From now on the generation is not what it was at these sources' positions, until the run has ended: had it to go back to
     * what it was declared as before, only another whole listing would tell what to undo.
     */
    private void forget(Set<String> startedOver) {
        ledger.state(specification.manifest().generation())
                .filter(state -> !Collections.disjoint(state.positions().keySet(), startedOver))
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

    private static void failIfIncomplete(List<SourceException> unlisted, Optional<RuntimeException> unread) {
        if (!unlisted.isEmpty()) {
            throw unlisted.getFirst();
        }
        if (unread.isPresent()) {
            throw unread.get();
        }
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

    /**
     * Gives what the run fails with in the end because of documents that could not be read.
     *
     * @param known whether the generation may hold vectors that needn't be computed
     * @param losses takes what searches would miss, where they are answered from this generation
     */
    private Optional<RuntimeException> index(Difference difference, Documents documents, boolean known, Losses losses) {
        if (difference.work().isEmpty()) {
            return Optional.empty();
        }
        stop.check();
        var looksUp = known || !specification.reuseGenerations().isEmpty();
        try (var embedder = model.apply(purse.<Purse>map(own -> own).orElse(Purse.FREE));
                var pool = threads(embeddingThreads(embedder), "embed");
                var preparing = threads(1, "prepare");
                var work = difference.work().open()) {
            try {
                var drafting = new Drafting(
                        documents,
                        specification.manifest(),
                        chunker(embedder, new SentenceVectors(embedder, pool, progress, stop)),
                        specification.limits().maxChunksPerDocument(),
                        ledger.epoch(),
                        progress::screened);
                var vectors = new Embedding.Known(reader, specification.reuseGenerations(), looksUp, shared);
                var embedding = new Embedding(embedder, pool, vectors, progress);
                var pipeline = new Pipeline(drafting, embedding, writer, preparing, stop);
                pipeline.run(
                        new Batches(work, documents::size),
                        guard.isServed() ? losses::withhold : UnaryOperator.identity(),
                        this::keep);
                embedding.end();
                return drafting.failure().or(pipeline::failure);
            } catch (RuntimeException e) {
                preparing.shutdownNow();
                pool.shutdownNow();
                throw e;
            }
        }
    }

    private int embeddingThreads(Embedder embedder) {
        if (embedder.callers() > 0) {
            return embedder.callers();
        }
        var declared = specification.limits().embeddingThreads();
        return declared > 0 ? declared : Runtime.getRuntime().availableProcessors();
    }

    private Chunker chunker(Embedder embedder, SentenceVectors vectors) {
        var model = specification.manifest().model();
        var tokenizer = embedder.tokenizer();
        var room = model.maxTokens() - tokenizer.frame().size() - tokenizer.count(model.passagePrefix());
        return new Chunker(specification.manifest().chunking(), tokenizer, room, vectors);
    }

    private static ExecutorService threads(int count, String name) {
        return Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name(name + "-", 0).factory());
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
                : ledger.state(generation).map(GenerationState::changedAt).orElse(null);
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
