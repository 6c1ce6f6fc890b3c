package dev.concordance.index;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One document's way from what a generation holds to what it shall hold.
 *
 * @param before null: it wasn't known
 * @param after null: it goes
 * @param chunks those of {@code after}'s version; empty where they stay as they are or there are none
 * @param principals who may see the chunks, or those that stay; null: everybody, or whoever could before
 */
public record DocumentChange(
        String key,
        @Nullable ManifestRecord before,
        @Nullable ManifestRecord after,
        List<IndexedChunk> chunks,
        @Nullable List<String> principals) {

    /** The change that removes a document. */
    public static DocumentChange removal(ManifestRecord before) {
        return new DocumentChange(before.key(), before, null, List.of(), null);
    }

    /** The change of nothing but the record. */
    public static DocumentChange of(ManifestRecord before, ManifestRecord after) {
        return new DocumentChange(before.key(), before, after, List.of(), null);
    }

    /** The change of nothing but who may see the document. */
    public static DocumentChange ofAccess(ManifestRecord before, ManifestRecord after, List<String> principals) {
        return new DocumentChange(before.key(), before, after, List.of(), principals);
    }

    /** The ids of chunks that stay as they are, but for who may see them. */
    List<String> seenByOthers() {
        return principals == null || before == null || after == null || after.version() != before.version()
                ? List.of()
                : before.chunkIds();
    }

    /** Whether chunks of {@code before} are in the index that {@code after} doesn't have. */
    boolean leavesChunksBehind() {
        return before != null && before.chunks() > 0 && (after == null || after.version() != before.version());
    }
}
