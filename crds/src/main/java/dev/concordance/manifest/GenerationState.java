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
 * @param pendingEmbeddings chunks that are found by their words only, since the model refuses them
 * @param sourcesDigest {@link #digest} of the sources' declarations that were applied
 * @param positions what was listed of each source
 * @param changedAt when what is searchable changed last
 * @param withheld what would have been deleted; null: nothing is withheld
 * @param searchableAt when the listing's result was searchable; null: not told
 * @param hidden documents of which nobody knows who may see them; null: everybody may see all
 */
public record GenerationState(
        int generation,
        String run,
        Instant freshAsOf,
        long documents,
        long chunks,
        long quarantined,
        long pendingEmbeddings,
        String sourcesDigest,
        Map<String, String> positions,
        List<RunReport.Quarantined> quarantineSample,
        @Nullable Instant changedAt,
        @Nullable Withheld withheld,
        @Nullable Instant searchableAt,
        @Nullable Hidden hidden) {
    public GenerationState {
        positions = Map.copyOf(positions);
        quarantineSample = List.copyOf(quarantineSample);
    }

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
                quarantined,
                pendingEmbeddings,
                sourcesDigest,
                positions,
                quarantineSample,
                now,
                withheld,
                searchableAt,
                hidden);
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
                quarantined,
                pendingEmbeddings,
                sourcesDigest,
                known,
                quarantineSample,
                changedAt,
                withheld,
                searchableAt,
                hidden);
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
            fingerprint = fingerprint.with(source.name(), source);
        }
        return fingerprint.digest();
    }
}
