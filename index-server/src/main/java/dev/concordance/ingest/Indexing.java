package dev.concordance.ingest;

import dev.concordance.chunking.Chunker;
import dev.concordance.embedding.Embedder;
import dev.concordance.index.DocumentChange;
import dev.concordance.index.GenerationReader;
import dev.concordance.index.GenerationWriter;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.shared.SharedVectors;
import dev.concordance.spool.Sequence;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Reads documents, cuts and embeds them, and writes what becomes of them.
 *
 * @param model asked only if there is something to cut or embed
 * @param version of what is written
 */
record Indexing(
        RunSpecification specification,
        Supplier<Embedder> model,
        GenerationReader reader,
        GenerationWriter writer,
        SharedVectors shared,
        long version,
        Progress progress,
        StopSignal stop) {
    /**
     * Gives what the run fails with in the end because of documents that could not be read.
     *
     * @param known whether the generation may hold vectors that needn't be computed
     * @param admitted which of the changes are written
     * @param chunksWritten told when only records are left to be written, if anything is
     * @param written takes those that were
     */
    Optional<RuntimeException> index(
            Sequence<Work> works,
            Documents documents,
            boolean known,
            UnaryOperator<List<DocumentChange>> admitted,
            Runnable chunksWritten,
            Consumer<DocumentChange> written) {
        if (works.isEmpty()) {
            return Optional.empty();
        }
        stop.check();
        var looksUp = known || !specification.reuseGenerations().isEmpty();
        try (var embedder = model.get();
                var pool = Threads.embedding(specification, embedder);
                var preparing = Threads.of(1, "prepare");
                var reading = Threads.reading(specification);
                var work = works.open()) {
            try {
                var vectors = new StoredVectors(reader, specification.reuseGenerations(), looksUp, shared);
                var embedding = new Embedding(embedder, pool, vectors, progress);
                var drafting = new Drafting(
                        documents,
                        specification,
                        chunker(embedder),
                        () -> new SentenceVectors(embedding, embedder.manifest(), stop),
                        version,
                        progress::screened);
                var pipeline = new Pipeline<Work>(
                        batch -> drafts(batch, drafting, reading), embedding::vectors, writer, preparing, stop);
                pipeline.run(new Batches<>(work, documents::size), admitted, chunksWritten, written);
                embedding.end();
                return drafting.failure().or(pipeline::failure);
            } catch (RuntimeException e) {
                preparing.shutdownNow();
                reading.shutdownNow();
                pool.shutdownNow();
                throw e;
            }
        }
    }

    private List<Draft> drafts(List<Work> batch, Drafting drafting, ExecutorService reading) {
        var underway = batch.stream()
                .map(work -> reading.submit(() -> {
                    stop.check();
                    return drafting.draft(work);
                }))
                .toList();
        return underway.stream().flatMap(draft -> stop.await(draft).stream()).toList();
    }

    private Chunker chunker(Embedder embedder) {
        var model = specification.manifest().model();
        var tokenizer = embedder.tokenizer();
        var room = model.maxTokens() - tokenizer.frame().size() - tokenizer.count(model.passagePrefix());
        return new Chunker(specification.manifest().chunking(), tokenizer, room);
    }
}
