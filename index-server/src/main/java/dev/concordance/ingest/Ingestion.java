package dev.concordance.ingest;

import dev.concordance.chunking.Chunker;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.embedding.Embedder;
import dev.concordance.index.DocumentChange;
import dev.concordance.index.GenerationReader;
import dev.concordance.index.GenerationWriter;
import dev.concordance.index.Ledger;
import dev.concordance.index.Leftover;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.Source;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One run: what the sources hold now becomes what the generation holds. */
public final class Ingestion {
    private static final System.Logger LOG = System.getLogger(Ingestion.class.getName());
    private static final int REMOVALS_AT_ONCE = 500;

    private final RunSpecification specification;
    private final Function<SourceManifest, Source> sources;
    private final Supplier<Embedder> model;
    private final Clock clock;
    private final StopSignal stop;
    private final Ledger ledger;
    private final GenerationReader reader;
    private final GenerationWriter writer;
    private final Progress progress = new Progress();

    /**
     * Prepares a run.
     *
     * @param model loads the model; asked only if there is something to cut or embed
     */
    public Ingestion(
            RunSpecification specification,
            ElasticsearchConnection elasticsearch,
            Function<SourceManifest, Source> sources,
            Supplier<Embedder> model,
            Clock clock,
            StopSignal stop) {
        this.specification = specification;
        this.sources = sources;
        this.model = model;
        this.clock = clock;
        this.stop = stop;
        var generation = specification.manifest().generation();
        ledger = new Ledger(elasticsearch, specification.names());
        reader = new GenerationReader(elasticsearch, specification.names(), generation);
        writer = new GenerationWriter(elasticsearch, specification.names(), generation, ledger);
    }

    /** Does the run and gives its counts; throws what {@link Failures} knows, after having reported it in the ledger. */
    public Counts run() {
        reader.check(specification.manifest());
        var generation = specification.manifest().generation();
        var unfinishedSince = ledger.take(specification.run(), generation, clock.instant());
        try (var reporting = new Reporting(specification, ledger, progress, clock)) {
            reporting.begin();
            try {
                sync(reporting, unfinishedSince);
                reporting.end(null);
            } catch (RuntimeException e) {
                if (unfinishedSince == ledger.epoch() && Failures.of(e).reason() == FailureReason.Stopped) {
                    release();
                }
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

    private static void report(Reporting reporting, RuntimeException cause) {
        try {
            reporting.end(Failures.of(cause));
        } catch (RuntimeException unreported) {
            cause.addSuppressed(unreported);
        }
    }

    private void sync(Reporting reporting, long unfinishedSince) {
        var resumes = unfinishedSince != ledger.epoch();
        if (resumes) {
            reader.refresh();
        }
        var records = reader.records();
        var leftovers = resumes ? reader.leftovers(unfinishedSince, records) : List.<Leftover>of();
        var freshAsOf = clock.instant();
        try (var survey = new Survey(specification.sources(), sources)) {
            survey.list(stop);
            var redone = leftovers.stream().map(Leftover::key).collect(Collectors.toSet());
            var difference = survey.difference(records, redone);
            progress.planned(difference);
            reporting.listed(survey.positions(), freshAsOf);
            log(difference, leftovers.size());
            var failures = new ArrayList<RuntimeException>(survey.failures());
            index(difference, records, !leftovers.isEmpty()).ifPresent(failures::add);
            remove(difference.gone(), records);
            writer.remove(leftovers);
            var changed = resumes
                    || !difference.work().isEmpty()
                    || !difference.gone().isEmpty();
            if (changed) {
                reader.refresh();
            }
            if (resumes) {
                writer.remove(reader.leftovers(unfinishedSince, records));
            }
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
            end(records, survey.positions(), freshAsOf, changed);
        }
    }

    private void log(Difference difference, int leftovers) {
        LOG.log(
                System.Logger.Level.INFO,
                "listed run=%s work=%d gone=%d unchanged=%d leftovers=%d"
                        .formatted(
                                specification.run(),
                                difference.work().size(),
                                difference.gone().size(),
                                difference.unchanged().size(),
                                leftovers));
    }

    /** Gives what the run fails with in the end because of documents that could not be read. */
    private Optional<RuntimeException> index(
            Difference difference, Map<String, ManifestRecord> records, boolean leftovers) {
        if (difference.work().isEmpty()) {
            return Optional.empty();
        }
        stop.check();
        var threads = specification.limits().embeddingThreads();
        var looksUp = !records.isEmpty()
                || leftovers
                || !specification.reuseGenerations().isEmpty();
        try (var embedder = model.get();
                var pool = threads(threads > 0 ? threads : Runtime.getRuntime().availableProcessors(), "embed");
                var preparing = threads(1, "prepare")) {
            try {
                var drafting = new Drafting(
                        specification.manifest(),
                        chunker(embedder),
                        specification.limits().maxChunksPerDocument(),
                        ledger.epoch());
                var embedding =
                        new Embedding(embedder, pool, reader, specification.reuseGenerations(), looksUp, progress);
                new Pipeline(drafting, embedding, writer, preparing, stop)
                        .run(Batches.of(difference.work()), change -> keep(change, records));
                return drafting.failure();
            } catch (RuntimeException e) {
                preparing.shutdownNow();
                pool.shutdownNow();
                throw e;
            }
        }
    }

    private Chunker chunker(Embedder embedder) {
        var model = specification.manifest().model();
        var tokenizer = embedder.tokenizer();
        var room = model.maxTokens() - tokenizer.frame().size() - tokenizer.count(model.passagePrefix());
        return new Chunker(specification.manifest().chunking(), tokenizer, room);
    }

    private static ExecutorService threads(int count, String name) {
        return Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }

    private void remove(List<ManifestRecord> gone, Map<String, ManifestRecord> records) {
        for (var from = 0; from < gone.size(); from += REMOVALS_AT_ONCE) {
            stop.check();
            var changes = gone.subList(from, Math.min(gone.size(), from + REMOVALS_AT_ONCE)).stream()
                    .map(DocumentChange::removal)
                    .toList();
            writer.apply(changes).forEach(change -> keep(change, records));
        }
    }

    private void keep(DocumentChange change, Map<String, ManifestRecord> records) {
        progress.written(change);
        if (change.after() == null) {
            records.remove(change.key());
        } else {
            records.put(change.key(), change.after());
        }
    }

    private void end(
            Map<String, ManifestRecord> records, Map<String, String> positions, Instant freshAsOf, boolean changed) {
        var generation = specification.manifest().generation();
        var changedAt = changed
                ? clock.instant()
                : ledger.state(generation).map(GenerationState::changedAt).orElse(null);
        ledger.write(new GenerationState(
                generation,
                specification.run(),
                freshAsOf,
                count(records, State.Indexed),
                records.values().stream().mapToLong(ManifestRecord::chunks).sum(),
                count(records, State.Quarantined),
                GenerationState.digest(specification.sources()),
                positions,
                progress.quarantineSample(),
                changedAt));
        ledger.finish(generation);
    }

    private static long count(Map<String, ManifestRecord> records, State state) {
        return records.values().stream()
                .filter(record -> record.state() == state)
                .count();
    }
}
