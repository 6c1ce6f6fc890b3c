package dev.concordance.index;

import dev.concordance.access.Acl;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document as a generation holds it.
 *
 * @param chunks those of the record's version that are there, in their order
 * @param principals who may see each of the chunks
 */
public record StoredDocument(ManifestRecord record, List<IndexedChunk> chunks, List<List<String>> principals) {
    public StoredDocument {
        chunks = List.copyOf(chunks);
        principals = List.copyOf(principals);
    }

    /** Of those of its chunks that were found. */
    static StoredDocument of(ManifestRecord record, List<StoredChunk> found) {
        var sorted = found.stream()
                .sorted(Comparator.comparingInt(stored -> stored.chunk().ordinal()))
                .toList();
        return new StoredDocument(
                record,
                sorted.stream().map(StoredChunk::chunk).toList(),
                sorted.stream().map(StoredChunk::principals).toList());
    }

    /** Whether its chunks are all there, as they were written and for the people that the record says. */
    public boolean isWhole() {
        return chunks.isEmpty()
                ? record.chunks() == 0
                : ChunksHash.of(chunks).equals(record.chunksHash()) && isSeenByThose(record.access());
    }

    /** @param access null: everybody */
    private boolean isSeenByThose(ManifestRecord.@Nullable Access access) {
        return access == null
                || principals.stream()
                        .allMatch(seenBy -> Acl.stored(seenBy).digest().equals(access.digest()));
    }

    /** What the document's source said of it besides its text. */
    public Map<String, Object> metadata() {
        return chunks.isEmpty() ? Map.of() : chunks.getFirst().metadata();
    }

    /** Where the document is for a person; null: nobody knows. */
    public @Nullable String uri() {
        return chunks.isEmpty() ? null : chunks.getFirst().uri();
    }
}
