package dev.concordance.ingest;

import dev.concordance.chunking.Chunker;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.remote.Purse;
import dev.concordance.index.DocumentChange;
import dev.concordance.index.GenerationReader;
import dev.concordance.index.GenerationWriter;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.shared.SharedVectors;
import dev.concordance.spool.Sequence;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Reads documents, cuts and embeds them, and writes what becomes of them.
 *
 * @param model loads the model, which spends from the purse; asked only if there is something to cut or embed
 * @param version of what is written
 */
record Indexing(
        RunSpecification specification,
        Function<Purse, Embedder> model,
        Purse purse,
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
     * @param written takes those that were
     */
    Optional<RuntimeException> index(
            Sequence<Work> works,
            Documents documents,
            boolean known,
            UnaryOperator<List<DocumentChange>> admitted,
            Consumer<DocumentChange> written) {
        if (works.isEmpty()) {
            return Optional.empty();
        }
        stop.check();
        var looksUp = known || !specification.reuseGenerations().isEmpty();
        try (var embedder = model.apply(purse);
                var pool = threads(embeddingThreads(embedder), "embed");
                var preparing = threads(1, "prepare");
                var work = works.open()) {
            try {
                var drafting = new Drafting(
                        documents,
                        specification.manifest(),
                        chunker(embedder, new SentenceVectors(embedder, pool, progress, stop)),
                        specification.limits(),
                        version,
                        progress::screened);
                var vectors = new Embedding.Known(reader, specification.reuseGenerations(), looksUp, shared);
                var embedding = new Embedding(embedder, pool, vectors, progress);
                var pipeline = new Pipeline(drafting, embedding, writer, preparing, stop);
                pipeline.run(new Batches(work, documents::size), admitted, written);
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
}
