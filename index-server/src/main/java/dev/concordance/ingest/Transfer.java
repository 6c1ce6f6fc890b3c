package dev.concordance.ingest;

import dev.concordance.embedding.Embedded;
import dev.concordance.impact.ManifestDifference;
import dev.concordance.index.DocumentChange;
import dev.concordance.index.IndexedChunk;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.index.StoredDocument;
import dev.concordance.index.TextHash;
import dev.concordance.ingest.Embedding.Text;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.Tombstones;
import dev.concordance.parse.UnreadableDocument;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * By what rules documents get from one generation into another that needs no more than their chunks.
 *
 * @param version of what is written
 */
record Transfer(GenerationManifest from, GenerationManifest to, Tombstones tombstones, long version) {
    /** Whether there is any: what is stored is enough to make the one of the other. */
    boolean isPossible() {
        var impact = ManifestDifference.impact(ManifestDifference.between(from, to));
        return impact.startsFromChunks();
    }

    /** Whether the texts get other vectors. */
    boolean embeds() {
        return !from.model().digest().equals(to.model().digest());
    }

    /** What is known of the document in the other generation, if its chunks can be there. */
    ManifestRecord record(ManifestRecord original) {
        var erasure = tombstones.of(original.key(), original.source(), original.documentId());
        if (erasure != null && original.state() != State.Erased) {
            return original.erased(erasure);
        }
        if (mayBeLetIn(original)) {
            return original.withChangeKey(ManifestRecord.UNLISTED + original.changeKey());
        }
        return to.documentLevel() ? original : original.with((ManifestRecord.Access) null);
    }

    /** The mapping kept it out, which is another one now: since nothing is stored of it, it is read by the next run that does. */
    boolean mayBeLetIn(ManifestRecord original) {
        return (original.reason() == QuarantineReason.BadMetadata || original.reason() == QuarantineReason.IndexRefused)
                && !from.metadata().equals(to.metadata())
                && !original.changeKey().startsWith(ManifestRecord.UNLISTED);
    }

    /** What becomes of a document that is stored as a whole. */
    Unembedded document(Copy copy, StoredDocument stored) {
        var after = after(stored);
        var chunks = after.chunks() == 0
                ? List.<IndexedChunk>of()
                : stored.chunks().stream().map(this::chunk).toList();
        var principals =
                to.documentLevel() && !chunks.isEmpty() ? stored.principals().getFirst() : null;
        return new Copied(copy.before(), after, chunks, embeds(), version, principals);
    }

    private ManifestRecord after(StoredDocument stored) {
        var after = record(stored.record());
        if (after.chunks() == 0) {
            return after;
        }
        var erasure = tombstones.isEmpty()
                ? null
                : tombstones.ofContent(stored.uri(), ManifestJson.mapper().valueToTree(stored.metadata()));
        if (erasure != null) {
            return after.erased(erasure);
        }
        try {
            MetadataTypes.check(to.metadata(), stored.metadata());
            return after;
        } catch (UnreadableDocument e) {
            return after.quarantined(e.reason(), String.valueOf(e.getMessage()));
        }
    }

    private IndexedChunk chunk(IndexedChunk stored) {
        return embeds() ? stored.with(TextHash.of(to.model().digest(), stored.embeddedText()), null) : stored;
    }

    /**
     * A document on its way.
     *
     * @param principals who may see it; null: everybody
     */
    private record Copied(
            @Nullable ManifestRecord before,
            ManifestRecord after,
            List<IndexedChunk> chunks,
            boolean embeds,
            long version,
            @Nullable List<String> principals)
            implements Unembedded {
        @Override
        public List<Text> texts() {
            return embeds
                    ? chunks.stream()
                            .map(chunk -> new Text(chunk.textHash(), chunk.embeddedText()))
                            .toList()
                    : List.of();
        }

        @Override
        public DocumentChange change(Function<String, Embedded> vectors) {
            var written = embeds
                    ? chunks.stream()
                            .map(chunk -> chunk.with(
                                    chunk.textHash(),
                                    vectors.apply(chunk.textHash()) instanceof Embedded.Vector(var floats)
                                            ? floats
                                            : null))
                            .toList()
                    : chunks;
            return new DocumentChange(after.key(), before, after.copied(version, written), written, principals);
        }
    }
}
