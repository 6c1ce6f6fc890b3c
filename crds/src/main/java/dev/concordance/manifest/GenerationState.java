package dev.concordance.manifest;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is in a generation since the last run that ended well: the ledger's document {@code generation-<number>}.
 *
 * @param freshAsOf the moment before the listing whose result is searchable
 * @param tokens of the chunks' texts as the model takes them, without its special ones; 0: they were not counted yet
 * @param pendingEmbeddings chunks that are found by their words only, since the model refuses them
 * @param sourcesDigest {@link #digest} of the sources' declarations that were applied
 * @param positions what was listed of each source
 * @param changedAt when what is searchable changed last
 * @param withheld what would have been deleted; null: nothing is withheld
 * @param searchableAt when the listing's result was searchable; null: not told
 * @param hidden documents of which nobody knows who may see them; null: everybody may see all
 * @param followed what is told besides where sources are followed; null: they aren't
 * @param changeLatency how long changes took lately until they were searchable; null: of none that counts it is known
 * @param tracedAt what the {@link Tracer} says, if nobody else has touched it; null: there is none
 * @param annRecall how much searches of its vectors find; null: not measured yet
 */
public record GenerationState(
        int generation,
        String run,
        Instant freshAsOf,
        long documents,
        long chunks,
        long tokens,
        long quarantined,
        long pendingEmbeddings,
        String sourcesDigest,
        Map<String, String> positions,
        List<RunReport.Quarantined> quarantineSample,
        @Nullable Instant changedAt,
        @Nullable Withheld withheld,
        @Nullable Instant searchableAt,
        @Nullable Hidden hidden,
        @Nullable Followed followed,
        @Nullable ChangeLatency changeLatency,
        @Nullable Instant tracedAt,
        @Nullable AnnRecall annRecall) {
    public GenerationState {
        positions = Map.copyOf(positions);
        quarantineSample = List.copyOf(quarantineSample);
    }

    /** What a run leaves that ends when it has done its work. */
    public GenerationState(
            int generation,
            String run,
            Instant freshAsOf,
            long documents,
            long chunks,
            long tokens,
            long quarantined,
            long pendingEmbeddings,
            String sourcesDigest,
            Map<String, String> positions,
            List<RunReport.Quarantined> quarantineSample,
            @Nullable Instant changedAt,
            @Nullable Withheld withheld,
            @Nullable Instant searchableAt,
            @Nullable Hidden hidden) {
        this(
                generation,
                run,
                freshAsOf,
                documents,
                chunks,
                tokens,
                quarantined,
                pendingEmbeddings,
                sourcesDigest,
                positions,
                quarantineSample,
                changedAt,
                withheld,
                searchableAt,
                hidden,
                null,
                null,
                null,
                null);
    }

    /**
     * What becomes of a generation between two looks of somebody else.
     *
     * @param late times in which answers were older than they may be, and that are over; the latest {@value #MOST}, in order
     * @param gone how many documents were deleted lately without anybody's approval, minute by minute
     */
    public record Followed(List<Late> late, List<Gone> gone) {
        /** Most times that are told. */
        public static final int MOST = 50;

        /** Nothing has happened. */
        public static final Followed NOTHING = new Followed(List.of(), List.of());

        public Followed {
            late = List.copyOf(late);
            gone = List.copyOf(gone);
        }
    }

    /** A time in which answers were too old. */
    public record Late(Instant from, Instant until) {}

    /** Documents that were deleted within a minute, which began then. */
    public record Gone(Instant minute, long documents) {}

    /**
     * How long changes of documents took from their source until they were searchable, as nearest-rank percentiles that are right
     * within 5 %, in milliseconds.
     *
     * @param since the first moment of which changes are counted
     * @param until the latest of them were searchable before
     * @param documents that have changed
     */
    public record ChangeLatency(
            Instant since, Instant until, long documents, long p50Millis, long p95Millis, long p99Millis) {}

    /** Id of a generation's state in the ledger. */
    public static String id(int generation) {
        return "generation-" + generation;
    }

    /** The state as it was told last, of a generation that has changed since. */
    public GenerationState changed(Instant now) {
        return new GenerationState(
                generation,
                run,
                freshAsOf,
                documents,
                chunks,
                tokens,
                quarantined,
                pendingEmbeddings,
                sourcesDigest,
                positions,
                quarantineSample,
                now,
                withheld,
                searchableAt,
                hidden,
                followed,
                changeLatency,
                tracedAt,
                annRecall);
    }

    /** The same state, with how much searches find. */
    public GenerationState with(AnnRecall measured) {
        return new GenerationState(
                generation,
                run,
                freshAsOf,
                documents,
                chunks,
                tokens,
                quarantined,
                pendingEmbeddings,
                sourcesDigest,
                positions,
                quarantineSample,
                changedAt,
                withheld,
                searchableAt,
                hidden,
                followed,
                changeLatency,
                tracedAt,
                measured);
    }

    /** The same state, of which nobody knows any more what was listed of these sources. */
    public GenerationState without(Set<String> sources) {
        var known = new HashMap<>(positions);
        known.keySet().removeAll(sources);
        return new GenerationState(
                generation,
                run,
                freshAsOf,
                documents,
                chunks,
                tokens,
                quarantined,
                pendingEmbeddings,
                sourcesDigest,
                known,
                quarantineSample,
                changedAt,
                withheld,
                searchableAt,
                hidden,
                followed,
                changeLatency,
                tracedAt,
                annRecall);
    }

    /**
     * Documents that nobody may see, since they don't say readably who may.
     *
     * @param sample some of them, at most 20
     */
    public record Hidden(long documents, List<HiddenDocument> sample) {
        public Hidden {
            sample = List.copyOf(sample);
        }
    }

    /** A document that nobody may see. */
    public record HiddenDocument(String source, String documentId, String message) {}

    /** Digest of what the sources of a run declare, without credentials. */
    public static String digest(List<SourceManifest> sources) {
        var fingerprint = new Fingerprint("sources/1");
        for (var source : sources) {
            fingerprint = fingerprint.with(source.name(), source.unlimited());
        }
        return fingerprint.digest();
    }
}
