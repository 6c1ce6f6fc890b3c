package dev.concordance.ingest;

import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.parse.remote.ParsingService;
import dev.concordance.source.Sources;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** How many of a run's tasks are done at a time. */
final class Threads {
    private Threads() {}

    /** As many as the model is asked by. */
    static ExecutorService embedding(RunSpecification specification, Embedder embedder) {
        var declared = specification.limits().embeddingThreads();
        var count = declared > 0 ? declared : Runtime.getRuntime().availableProcessors();
        return of(embedder.callers() > 0 ? embedder.callers() : count, "embed");
    }

    /** One; where others are waited for, as many as they are asked by. */
    static ExecutorService reading(RunSpecification specification) {
        var sources =
                specification.sources().stream().mapToInt(Sources::readers).max();
        var parser = ParsingService.callers(specification.manifest().parser());
        return of(Math.max(sources.orElse(1), parser), "read");
    }

    static ExecutorService of(int count, String name) {
        return Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }
}
