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
import dev.concordance.index.RecallMeasurement;
import dev.concordance.index.Shard;
import dev.concordance.index.TracerWriter;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.RemoteParser;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Spending;
import dev.concordance.parse.remote.ParsingService;
import dev.concordance.parse.worker.ParserProcess;
import dev.concordance.shared.SharedPurse;
import dev.concordance.shared.SharedVectors;
import dev.concordance.source.Source;
import dev.concordance.spool.Sequence;
import dev.concordance.spool.Spools;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a run works with: the generation that it reads and writes, the ledger that says that it may, and what it spends. */
final class Worker {
    private final RunSpecification specification;
    private final Function<Purse, Embedder> model;
    private final Clock clock;
    private final Ledger ledger;
    private final GenerationReader reader;
    private final GenerationWriter writer;
    private final Guard guard;
    private final Latencies latencies;
    private final ElasticsearchConnection elasticsearch;
    private final Optional<SharedPurse> purse;
    private final String reporter;
    private final boolean divided;
    private Spending.@Nullable Amount spentBefore;
    private SharedVectors shared;
    private Function<RemoteParser, ParsingService> parsing = declared -> {
        throw new IllegalStateException("nobody opens parsing services");
    };

    /**
     * What a run works with.
     *
     * @param shard whose documents alone are written; null: all are
     * @param recorded told of each record of the generation that was written or deleted
     */
    Worker(
            RunSpecification specification,
            ElasticsearchConnection elasticsearch,
            Function<Purse, Embedder> model,
            Clock clock,
            @Nullable Shard shard,
            Consumer<DocumentChange> recorded) {
        this.specification = specification;
        this.model = model;
        this.clock = clock;
        divided = shard != null;
        reporter = shard == null ? specification.run() : RunReport.ofShard(specification.run(), shard.number());
        var generation = specification.manifest().generation();
        ledger = new Ledger(elasticsearch, specification.names(), shard);
        reader = new GenerationReader(elasticsearch, specification.names(), generation);
        writer = new GenerationWriter(elasticsearch, specification.names(), generation, ledger, recorded);
        guard = new Guard(specification, elasticsearch, ledger);
        latencies = new Latencies(specification, guard, ledger);
        this.elasticsearch = elasticsearch;
        shared = openShared();
        purse = specification.manifest().model() instanceof RemoteModel remote
                ? Optional.of(new SharedPurse(elasticsearch, specification.names(), remote.access(), clock))
                : Optional.empty();
    }

    RunSpecification specification() {
        return specification;
    }

    int generation() {
        return specification.manifest().generation();
    }

    Ledger ledger() {
        return ledger;
    }

    GenerationReader reader() {
        return reader;
    }

    /** What reads another generation of the corpus. */
    GenerationReader reader(int other) {
        return new GenerationReader(elasticsearch, specification.names(), other);
    }

    GenerationWriter writer() {
        return writer;
    }

    Guard guard() {
        return guard;
    }

    Latencies latencies() {
        return latencies;
    }

    SharedVectors shared() {
        return shared;
    }

    Clock clock() {
        return clock;
    }

    /** Has the service that reads documents, where one is declared, opened so. */
    void parsing(Function<RemoteParser, ParsingService> opening) {
        parsing = opening;
    }

    /** What reads documents; a service is opened for the first that it reads. */
    DocumentReader documents(ParserProcess process) {
        var declared = specification.manifest().parser();
        return new DocumentReader(process, declared == null ? null : () -> parsing.apply(declared));
    }

    /** Knows nothing yet of what the run's sources, or some of them, hold. */
    Survey survey(
            RunSpecification asked,
            Function<SourceManifest, Source> sources,
            Spools spools,
            DocumentReader documents,
            Scope scope) {
        return new Survey(asked, sources, spools, documents, scope, ledger::requireInEffect);
    }

    /** Loads the model. */
    Embedder embedder() {
        return model.apply(purse.<Purse>map(own -> own).orElse(Purse.FREE));
    }

    /**
     * Becomes the generation's writer; throws IndexException if it isn't there.
     *
     * @return first epoch of which something may be half written; the own one if nothing is
     */
    long take() {
        reader.check(specification.manifest());
        shared = openShared();
        var unfinished = ledger.take(specification.run(), generation(), clock.instant(), specification.tombstones());
        latencies.read();
        if (purse.isPresent() && spentBefore == null) {
            spentBefore = spentByFormerAttempts();
        }
        return unfinished;
    }

    /**
     * What is known of it is the last report of the attempt before, which told of all. One of a whole run that has succeeded is none of
     * this run; a shard that has may be prepared again, as another one of its run was stopped.
     */
    private Spending.Amount spentByFormerAttempts() {
        return ledger.report(reporter)
                .filter(report -> divided || report.phase() != RunReport.Phase.Succeeded)
                .flatMap(report -> Optional.ofNullable(report.spent()))
                .orElse(Spending.Amount.NONE);
    }

    /** Name under which it reports. */
    String reporter() {
        return reporter;
    }

    /** What could not be used before is tried again. */
    private SharedVectors openShared() {
        return new SharedVectors(
                elasticsearch, specification.names(), specification.manifest().model(), clock);
    }

    /**
     * Ends without having judged anything. Also a run that was told to stop did so between documents, so the next one finds
     * nothing half written; where it was interrupted within one, the next run finds out by what the lease says.
     */
    void release() {
        if (writer.isMidway()) {
            return;
        }
        reader.refresh();
        state().ifPresent(state -> ledger.write(state.changed(clock.instant())));
        ledger.finish(generation());
    }

    /**
     * What makes searchable what is written. One that follows its sources keeps the records itself: they are only for the next worker,
     * and not before the lease says that nothing is half written.
     */
    Publication publication() {
        var follows = specification.mode() == RunMode.Follow;
        return new Publication(follows ? reader::refreshChunks : reader::refresh, follows, guard.isServed(), clock);
    }

    /** What keeps the generation's tracer, on the way from this state of the ledger to others. */
    Tracing tracing(Optional<GenerationState> before) {
        var tracer = new TracerWriter(elasticsearch, specification.names(), generation(), ledger);
        return new Tracing(specification, tracer, before);
    }

    /** What measures how much searches of the generation find. */
    RecallCheck recall() {
        return new RecallCheck(specification, new RecallMeasurement(reader, System::nanoTime));
    }

    /** What the generation held when a run last ended well. */
    Optional<GenerationState> state() {
        return ledger.state(generation());
    }

    /**
     * From now on the generation is not what it was at these sources' positions, until the run has ended: had it to go back to
     * what it was declared as before, only another whole listing would tell what to undo.
     */
    void forget(Set<String> startedOver) {
        if (!startedOver.isEmpty()) {
            state().filter(state -> !Collections.disjoint(state.positions().keySet(), startedOver))
                    .ifPresent(state -> ledger.write(state.without(startedOver)));
        }
    }

    /**
     * What the generation holds.
     *
     * @param unfinishedSince as {@link #take} gave it
     * @param verifies whether all chunks are compared with it
     */
    Inventory inventory(long unfinishedSince, boolean verifies, Spools spools) {
        var resumes = unfinishedSince != ledger.epoch();
        if (resumes || verifies) {
            reader.refresh();
        }
        var records = reader.records(spools);
        var audit = Audit.NOTHING;
        if (verifies) {
            audit = reader.audit(records, spools);
            ledger.outrun(audit.newest());
        }
        var leftovers = resumes ? reader.leftovers(unfinishedSince, records, spools) : List.<Leftover>of();
        return new Inventory(records, leftovers, audit, resumes);
    }

    /**
     * Removes what a former writer has left in the generation.
     *
     * @param resumed whether what it is of was read again
     */
    void removeLeftovers(
            long unfinishedSince, Sequence<ManifestRecord> records, Predicate<Leftover> resumed, Spools spools) {
        writer.remove(reader.leftovers(unfinishedSince, records, spools).stream()
                .filter(resumed)
                .toList());
    }

    /** What all attempts of the run have spent on a remote model so far; null: the model is not remote. */
    Spending.@Nullable Amount spent() {
        return purse.map(SharedPurse::spent)
                .map(own -> spentBefore == null ? own : own.plus(spentBefore))
                .orElse(null);
    }

    /** Writes down what was spent. */
    void settle() {
        purse.ifPresent(SharedPurse::close);
    }
}
