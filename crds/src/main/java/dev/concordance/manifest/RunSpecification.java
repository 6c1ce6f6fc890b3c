package dev.concordance.manifest;

import java.util.List;

/**
 * All that an ingestion worker is told: mounted read-only into its pod, never changed after its creation.
 *
 * @param run name of the IngestionRun, also the id of its report
 * @param reuseGenerations numbers of other generations with the same model digest, whose vectors may be copied
 * @param limits what one document and one run may cost
 */
public record RunSpecification(
        String run,
        RunMode mode,
        IndexNames names,
        GenerationManifest manifest,
        List<Integer> reuseGenerations,
        List<SourceManifest> sources,
        ElasticsearchAccess elasticsearch,
        Limits limits) {
    public RunSpecification {
        reuseGenerations = List.copyOf(reuseGenerations);
        sources = List.copyOf(sources);
    }

    /**
     * Bounds that keep one hostile or broken document, or a failing run, from costing more than itself.
     *
     * @param maxDocumentBytes a larger file is quarantined unread
     * @param maxChunksPerDocument a document that gives more is quarantined
     * @param embeddingThreads callers of the model at the same time; 0: one a core
     */
    public record Limits(long maxDocumentBytes, int maxChunksPerDocument, int embeddingThreads) {}
}
