package dev.concordance.index;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.concordance.access.Acl;
import dev.concordance.manifest.ChunkFields;
import dev.concordance.manifest.QuarantineReason;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a generation's manifest knows of one document.
 *
 * @param changeKey equal to the source's present one: nothing has to be read
 * @param contentHash over the title, the decoded text, its headings and pages; of one that exceeds limits, those limits
 * @param metadataHash over metadata and URI
 * @param version epoch of the run that wrote the document's chunks
 * @param chunks how many they are
 * @param tokens of their texts as the model takes them, without its special ones; 0: they were not counted yet
 * @param chunksHash {@link ChunksHash} of them; null: they aren't known by one
 * @param pendingEmbeddings how many of them have no vector, since the model refuses them
 * @param reason why a quarantined document is not indexed
 * @param message what of it to tell the user
 * @param withheld token under which its deletion is withheld; null: its source holds it, as far as is known
 * @param access who may see it; null: everybody
 */
public record ManifestRecord(
        String source,
        String documentId,
        String changeKey,
        String contentHash,
        String metadataHash,
        long version,
        int chunks,
        long tokens,
        @Nullable String chunksHash,
        int pendingEmbeddings,
        State state,
        @Nullable QuarantineReason reason,
        @Nullable String message,
        @Nullable String withheld,
        @Nullable Access access) {
    /** The order in which manifests and listings are compared: by source, then by id. */
    public static final Comparator<ManifestRecord> ORDER =
            Comparator.comparing(ManifestRecord::source).thenComparing(ManifestRecord::documentId);

    /** What the change key begins with of a document that isn't, as it stands, what its source has told of: no listing has such a key. */
    public static final String UNLISTED = "~";

    /**
     * What is known of who may see a document.
     *
     * @param digest of the access list that its chunks have
     * @param problem why nobody may see it; null: it was said who may
     */
    public record Access(String digest, @Nullable String problem) {
        /** While its chunks get another access list: some have it already, and nothing else is known. */
        public static final Access CHANGING = new Access("", null);

        /** What is known of a document with this access list. */
        public static Access of(Acl acl) {
            return new Access(acl.digest(), acl.problem());
        }
    }

    /** What became of a document. */
    public enum State {
        Indexed,
        Quarantined,
        Skipped,
        /** An Erasure keeps it out; the record's message is the Erasure's UID. */
        Erased,
        /** Its source doesn't hold it any more, but the generation that serves has it, and this one is to replace that. */
        Missing
    }

    /** Whether nobody knows who may see its chunks, since a run that was changing it hasn't come to its end. */
    @JsonIgnore
    boolean isChangingHands() {
        return Access.CHANGING.equals(access);
    }

    /**
     * Whether nothing has to be read, and no limit has changed that kept it out.
     *
     * @param presentKey what its source tells now
     * @param limits that hold now for a document
     */
    public boolean isUnchanged(String presentKey, String limits) {
        return changeKey.equals(presentKey) && !isChangingHands() && !exceededOthers(limits);
    }

    /**
     * Whether it is kept out by limits that don't hold any more.
     *
     * @param limits that hold now for a document
     */
    public boolean exceededOthers(String limits) {
        return reason != null && reason.isOfLimits() && !contentHash.equals(limits);
    }

    /** The document's key. */
    @JsonIgnore
    public String key() {
        return DocumentKey.of(source, documentId);
    }

    /** The same document, known under another change key. */
    public ManifestRecord withChangeKey(String newKey) {
        return new ManifestRecord(
                source,
                documentId,
                newKey,
                contentHash,
                metadataHash,
                version,
                chunks,
                tokens,
                chunksHash,
                pendingEmbeddings,
                state,
                reason,
                message,
                null,
                access);
    }

    /** The same document, some of whose chunks may be gone: whatever its source says now is another content. */
    ManifestRecord losingItsChunks() {
        return new ManifestRecord(
                source,
                documentId,
                UNLISTED + changeKey,
                "",
                metadataHash,
                version,
                chunks,
                tokens,
                chunksHash,
                pendingEmbeddings,
                state,
                reason,
                message,
                withheld,
                access);
    }

    /** The same document, whose chunks are these. */
    public ManifestRecord of(List<IndexedChunk> written) {
        return new ManifestRecord(
                source,
                documentId,
                changeKey,
                contentHash,
                metadataHash,
                version,
                written.size(),
                written.stream().mapToLong(IndexedChunk::tokens).sum(),
                ChunksHash.of(written),
                (int) written.stream().filter(chunk -> chunk.vector() == null).count(),
                state,
                reason,
                message,
                withheld,
                access);
    }

    /** The same document, whose chunks were taken from another generation: what they come to in tokens is known already. */
    public ManifestRecord copied(long epoch, List<IndexedChunk> copies) {
        return new ManifestRecord(
                source,
                documentId,
                changeKey,
                contentHash,
                metadataHash,
                epoch,
                chunks,
                tokens,
                copies.isEmpty() ? null : ChunksHash.of(copies),
                (int) copies.stream().filter(chunk -> chunk.vector() == null).count(),
                state,
                reason,
                message,
                withheld,
                access);
    }

    /** Whether that has become the other one, by whatever model. */
    public boolean wasCopiedTo(ManifestRecord copy) {
        return new ManifestRecord(
                        source,
                        documentId,
                        changeKey,
                        contentHash,
                        metadataHash,
                        copy.version,
                        chunks,
                        tokens,
                        copy.chunksHash,
                        copy.pendingEmbeddings,
                        state,
                        reason,
                        message,
                        withheld,
                        access)
                .equals(copy);
    }

    /** The ids of its chunks. */
    List<String> chunkIds() {
        return IntStream.range(0, chunks)
                .mapToObj(ordinal -> ChunkFields.id(key(), version, ordinal))
                .toList();
    }

    /** The same document, seen by others; null: by everybody. */
    public ManifestRecord with(@Nullable Access others) {
        return new ManifestRecord(
                source,
                documentId,
                changeKey,
                contentHash,
                metadataHash,
                version,
                chunks,
                tokens,
                chunksHash,
                pendingEmbeddings,
                state,
                reason,
                message,
                withheld,
                others);
    }

    /** Whether its chunks have another access list than this, or may have. */
    public boolean isSeenByOthersThan(Acl acl) {
        return chunks > 0 && !Access.of(acl).equals(access);
    }

    /** The same document, whose deletion is withheld under this token; null: not any more. */
    public ManifestRecord withheldUnder(@Nullable String token) {
        return new ManifestRecord(
                source,
                documentId,
                changeKey,
                contentHash,
                metadataHash,
                version,
                chunks,
                tokens,
                chunksHash,
                pendingEmbeddings,
                state,
                reason,
                message,
                token,
                access);
    }

    /** The same document, refused. */
    public ManifestRecord quarantined(QuarantineReason why, String what) {
        return quarantined("", why, what);
    }

    /** The same document, refused since it exceeds the limits that hold for a document. */
    public ManifestRecord exceeding(String limits, QuarantineReason why, String what) {
        return quarantined(limits, why, what);
    }

    private ManifestRecord quarantined(String measuredBy, QuarantineReason why, String what) {
        return new ManifestRecord(
                source,
                documentId,
                changeKey,
                measuredBy,
                "",
                version,
                0,
                0,
                null,
                0,
                State.Quarantined,
                why,
                what,
                null,
                null);
    }

    /** The same document, kept out by the Erasure of this UID; nothing of its content is known any more, not even by a change key. */
    public ManifestRecord erased(String erasure) {
        return new ManifestRecord(
                source, documentId, "", "", "", version, 0, 0, null, 0, State.Erased, null, erasure, null, null);
    }

    /** The same document, as a generation knows it that lacks it. */
    public ManifestRecord missing() {
        return new ManifestRecord(
                source, documentId, "", "", "", 0, 0, 0, null, 0, State.Missing, null, null, withheld, null);
    }
}
