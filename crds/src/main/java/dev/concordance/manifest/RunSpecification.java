package dev.concordance.manifest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that an ingestion worker is told: mounted read-only into its pod, never changed after its creation.
 *
 * @param run name of the IngestionRun, also the id of its report
 * @param reuseGenerations numbers of other generations with the same model digest, whose vectors may be copied
 * @param limits what one document and one run may cost
 * @param deletionGuard how much may disappear at once
 * @param tombstones what is not to be indexed, whatever the sources hold
 * @param erasure what a run that erases erases; null: it doesn't
 * @param following how a run that follows its sources does so; null: it doesn't
 * @param latencyWindowMillis over how much of the time that has passed last is told how long changes took, in milliseconds; null:
 *     nobody asks
 * @param traced whether the generation has a {@link Tracer}
 * @param from the generation whose chunks fill this one in place of the sources, of which there are none then; null: the sources do
 */
public record RunSpecification(
        String run,
        RunMode mode,
        IndexNames names,
        GenerationManifest manifest,
        List<Integer> reuseGenerations,
        List<SourceManifest> sources,
        ElasticsearchAccess elasticsearch,
        Limits limits,
        DeletionGuard deletionGuard,
        Tombstones tombstones,
        @Nullable ErasureOrder erasure,
        @Nullable Following following,
        @Nullable Long latencyWindowMillis,
        boolean traced,
        @Nullable Integer from) {
    private static final int HEAP_MEGABYTES = 160;
    private static final int DOCUMENTS_IN_HEAP = 12;

    /** A specification that was written before there were tombstones has none, and one from before there were tracers neither. */
    @SuppressWarnings("ConstantValue")
    public RunSpecification {
        tombstones = tombstones == null ? Tombstones.NONE : tombstones;
        reuseGenerations = List.copyOf(reuseGenerations);
        sources = List.copyOf(sources);
    }

    /**
     * How a run follows its sources.
     *
     * @param maxStalenessMillis answers are not to be older, in milliseconds
     * @param readWithinMillis nor is what was read to be older than this, which is less where access lists are to be fresher
     */
    public record Following(long maxStalenessMillis, long readWithinMillis) {
        /** A specification that was written before access lists counted says nothing of them. */
        public Following {
            readWithinMillis = readWithinMillis > 0 ? readWithinMillis : maxStalenessMillis;
        }
    }

    /**
     * The largest heap that a worker needs, in MiB. It is bounded because collectors let a heap grow to its bound before they look for
     * garbage, which is most of what ingestion leaves behind.
     */
    public long heapMegabytes() {
        return HEAP_MEGABYTES + DOCUMENTS_IN_HEAP * (limits.maxDocumentBytes() >> 20);
    }

    /** A run that reads its sources. */
    public RunSpecification(
            String run,
            RunMode mode,
            IndexNames names,
            GenerationManifest manifest,
            List<Integer> reuseGenerations,
            List<SourceManifest> sources,
            ElasticsearchAccess elasticsearch,
            Limits limits,
            DeletionGuard deletionGuard,
            Tombstones tombstones,
            @Nullable ErasureOrder erasure,
            @Nullable Following following,
            @Nullable Long latencyWindowMillis,
            boolean traced) {
        this(
                run,
                mode,
                names,
                manifest,
                reuseGenerations,
                sources,
                elasticsearch,
                limits,
                deletionGuard,
                tombstones,
                erasure,
                following,
                latencyWindowMillis,
                traced,
                null);
    }

    /** A run that ends when it has done its work, over a corpus with a tracer, of which nothing was erased. */
    public RunSpecification(
            String run,
            RunMode mode,
            IndexNames names,
            GenerationManifest manifest,
            List<Integer> reuseGenerations,
            List<SourceManifest> sources,
            ElasticsearchAccess elasticsearch,
            Limits limits,
            DeletionGuard deletionGuard) {
        this(
                run,
                mode,
                names,
                manifest,
                reuseGenerations,
                sources,
                elasticsearch,
                limits,
                deletionGuard,
                Tombstones.NONE,
                null,
                null,
                null,
                true);
    }

    /** The same run, which asks no source but copies the chunks of this generation. */
    public RunSpecification copying(int generation) {
        return with(manifest, List.of(), generation);
    }

    /** The same run over those of its sources that several workers may read side by side. */
    public RunSpecification ofDivisibleSources() {
        return with(
                manifest, sources.stream().filter(SourceManifest::isDivisible).toList(), from);
    }

    /** What one of so many workers is told among which the run is divided: together they keep to what each may ask others for. */
    public RunSpecification dividedBy(int workers) {
        return with(
                manifest.dividedBy(workers),
                sources.stream().map(source -> source.dividedBy(workers)).toList(),
                from);
    }

    /**
     * Among how many workers the run can be divided at most. Each of them asks for something, so more of them would together ask
     * model, parser and sources for more than is declared.
     */
    public int mostWorkers() {
        return mostSideBySide(manifest, ofDivisibleSources().sources());
    }

    /** How many runs over these sources can go side by side and keep together to what is declared. */
    public static int mostSideBySide(GenerationManifest manifest, List<SourceManifest> sources) {
        return sources.stream().mapToInt(SourceManifest::mostWorkers).reduce(manifest.mostWorkers(), Math::min);
    }

    private RunSpecification with(GenerationManifest settings, List<SourceManifest> read, @Nullable Integer copied) {
        return new RunSpecification(
                run,
                mode,
                names,
                settings,
                reuseGenerations,
                read,
                elasticsearch,
                limits,
                deletionGuard,
                tombstones,
                erasure,
                following,
                latencyWindowMillis,
                traced,
                copied);
    }

    /**
     * Bounds that keep one hostile or broken document, or a failing run, from costing more than itself.
     *
     * @param maxDocumentBytes a larger file is quarantined unread
     * @param maxChunksPerDocument a document that gives more is quarantined
     * @param maxQuarantinedPercent a build that can't index more of its documents fails
     * @param embeddingThreads callers of the model at the same time; 0: one a core
     */
    public record Limits(
            long maxDocumentBytes, int maxChunksPerDocument, int maxQuarantinedPercent, int embeddingThreads) {
        /** Those of them that a document can exceed; equal texts for equal limits. */
        public String ofDocument() {
            return maxDocumentBytes + "/" + maxChunksPerDocument;
        }
    }

    /**
     * How much may disappear at once. More than both bounds together allow is withheld until somebody approves it.
     *
     * @param maxDocuments so many documents may always go
     * @param maxPercent so many of a hundred may always go
     * @param approved token of the withheld deletions that were approved; null: nobody approved any
     * @param live generation that searches are answered from, whose documents count; null: there is none
     */
    public record DeletionGuard(
            int maxDocuments,
            int maxPercent,
            @Nullable String approved,
            @Nullable Integer live) {
        /** Whether so many of the documents may go without approval. */
        public boolean allows(long gone, long documents) {
            return gone <= maxDocuments || gone * 100 <= documents * maxPercent;
        }
    }
}
