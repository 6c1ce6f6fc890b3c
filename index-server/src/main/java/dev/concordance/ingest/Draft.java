package dev.concordance.ingest;

import dev.concordance.chunking.Chunk;
import dev.concordance.index.DocumentChange;
import dev.concordance.index.IndexedChunk;
import dev.concordance.index.ManifestRecord;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A document that was read and cut, before its vectors are known.
 *
 * @param principals as {@link DocumentChange} has them
 */
record Draft(
        String key,
        @Nullable ManifestRecord before,
        ManifestRecord after,
        String title,
        @Nullable String uri,
        Map<String, Object> metadata,
        List<Passage> passages,
        @Nullable List<String> principals) {

    /** A chunk and the hash by which its vector is known. */
    record Passage(Chunk chunk, String textHash) {}

    /** A draft of a document that gives no chunks. */
    static Draft withoutPassages(String key, @Nullable ManifestRecord before, ManifestRecord after) {
        return new Draft(key, before, after, "", null, Map.of(), List.of(), null);
    }

    /** A draft of a document that others may see than before, and that is as it was otherwise. */
    static Draft ofAccess(ManifestRecord before, ManifestRecord after, List<String> principals) {
        return new Draft(before.key(), before, after, "", null, Map.of(), List.of(), principals);
    }

    DocumentChange change(Function<Passage, float[]> vectors) {
        var chunks = passages.stream().map(passage -> indexed(passage, vectors)).toList();
        return new DocumentChange(key, before, chunks.isEmpty() ? after : after.of(chunks), chunks, principals);
    }

    private IndexedChunk indexed(Passage passage, Function<Passage, float[]> vectors) {
        var chunk = passage.chunk();
        return new IndexedChunk(
                chunk.ordinal(),
                chunk.text(),
                chunk.start(),
                chunk.end(),
                chunk.headings(),
                chunk.context(),
                title,
                uri,
                metadata,
                passage.textHash(),
                vectors.apply(passage));
    }
}
