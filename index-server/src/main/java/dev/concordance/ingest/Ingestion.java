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
import dev.concordance.ingest.Difference.Seen;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.Source;
import dev.concordance.source.SourceException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;

/** One run: what the sources hold now becomes what the generation holds. */
public final class Ingestion {
    private static final System.Logger LOG = System.getLogger(Ingestion.class.getName());
    private static final int REMOVALS_AT_ONCE = 500;
    private static final int SPECIAL_TOKENS = 2;

    private final RunSpecification specification;
    private final Function<SourceManifest, Source> sources;
    private final Supplier<Embedder> model;
    private final Clock clock;
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
            Clock clock) {
        this.specification = specification;
        this.sources = sources;
        this.model = model;
        this.clock = clock;
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
                report(reporting, e);
                throw e;
            }
        }
        return progress.counts();
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
        var opened = specification.sources().stream().map(sources).toList();
        try {
            var listing = list(opened);
            var difference = Difference.between(records, listing.seen());
            progress.planned(difference);
            reporting.listed(listing.positions(), freshAsOf);
            LOG.log(
                    System.Logger.Level.INFO,
                    "listed work={0} gone={1} unchanged={2} leftovers={3}",
                    difference.work().size(),
                    difference.gone().size(),
                    difference.unchanged().size(),
                    leftovers.size());
            index(difference, records, leftovers.isEmpty());
            remove(difference.gone(), records);
            writer.remove(leftovers);
            end(difference, leftovers, records, listing, freshAsOf);
        } finally {
            opened.forEach(Source::close);
        }
    }

    private record Listed(List<Seen> seen, Map<String, String> positions, List<SourceException> failures) {}

    /** A source that can't be listed fails the run, but not before the others are in step. */
    private Listed list(List<Source> opened) {
        var listed = new Listed(new ArrayList<>(), new HashMap<>(), new ArrayList<>());
        for (var i = 0; i < opened.size(); i++) {
            var source = specification.sources().get(i);
            try {
                var listing = opened.get(i).list();
                listed.seen().add(new Seen(source, listing));
                listed.positions().put(source.name(), listing.position());
            } catch (SourceException e) {
                listed.seen().add(new Seen(source, null));
                listed.failures().add(e);
            }
        }
        if (listed.failures().size() == opened.size()) {
            throw listed.failures().getFirst();
        }
        return listed;
    }

    private void index(Difference difference, Map<String, ManifestRecord> records, boolean clean) {
        if (difference.work().isEmpty()) {
            return;
        }
        var threads = specification.limits().embeddingThreads();
        var looksUp = !records.isEmpty()
                || !clean
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
                new Pipeline(drafting, embedding, writer, preparing)
                        .run(Batches.of(difference.work()), change -> keep(change, records));
            } catch (RuntimeException e) {
                preparing.shutdownNow();
                pool.shutdownNow();
                throw e;
            }
        }
    }

    private Chunker chunker(Embedder embedder) {
        var model = specification.manifest().model();
        var prefix = embedder.tokenizer().count(model.passagePrefix());
        return new Chunker(
                specification.manifest().chunking(), embedder.tokenizer(), model.maxTokens() - SPECIAL_TOKENS - prefix);
    }

    private static ExecutorService threads(int count, String name) {
        return Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }

    private void remove(List<ManifestRecord> gone, Map<String, ManifestRecord> records) {
        for (var from = 0; from < gone.size(); from += REMOVALS_AT_ONCE) {
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
            Difference difference,
            List<Leftover> leftovers,
            Map<String, ManifestRecord> records,
            Listed listing,
            Instant freshAsOf) {
        var changed = !difference.work().isEmpty() || !difference.gone().isEmpty() || !leftovers.isEmpty();
        if (changed) {
            reader.refresh();
        }
        if (!listing.failures().isEmpty()) {
            ledger.finish(specification.manifest().generation());
            throw listing.failures().getFirst();
        }
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
                listing.positions(),
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
