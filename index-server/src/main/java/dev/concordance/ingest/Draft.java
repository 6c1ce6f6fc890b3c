package dev.concordance.ingest;

import dev.concordance.chunking.Chunk;
import dev.concordance.embedding.Embedded;
import dev.concordance.index.DocumentChange;
import dev.concordance.index.IndexedChunk;
import dev.concordance.index.ManifestRecord;
import dev.concordance.ingest.Embedding.Text;
import dev.concordance.parse.Pages;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A document that was read and cut, before its vectors are known.
 *
 * @param retried whether it is as it was, for the same people, and only its missing vectors are asked for again
 * @param principals as {@link DocumentChange} has them
 */
record Draft(
        String key,
        @Nullable ManifestRecord before,
        ManifestRecord after,
        String title,
        @Nullable String uri,
        Map<String, Object> metadata,
        Pages pages,
        List<Passage> passages,
        boolean retried,
        @Nullable List<String> principals)
        implements Unembedded {

    /**
     * A chunk, the hash by which its vector is known, and what it is marked with.
     *
     * @param sentenceHashes as {@link IndexedChunk} has them
     */
    record Passage(Chunk chunk, String textHash, List<String> signals, List<String> sentenceHashes) {
        Text embedded() {
            return new Text(textHash, chunk.embeddedText());
        }
    }

    /** A draft of a document that gives no chunks. */
    static Draft withoutPassages(String key, @Nullable ManifestRecord before, ManifestRecord after) {
        return new Draft(key, before, after, "", null, Map.of(), Pages.NONE, List.of(), false, null);
    }

    /** A draft of a document that others may see than before, and that is as it was otherwise. */
    static Draft ofAccess(ManifestRecord before, ManifestRecord after, List<String> principals) {
        return new Draft(before.key(), before, after, "", null, Map.of(), Pages.NONE, List.of(), false, principals);
    }

    @Override
    public List<Text> texts() {
        return passages.stream().map(Passage::embedded).toList();
    }

    @Override
    public DocumentChange change(Function<String, Embedded> vectors) {
        var chunks = passages.stream().map(passage -> indexed(passage, vectors)).toList();
        if (chunks.isEmpty()) {
            return new DocumentChange(key, before, after, chunks, principals);
        }
        var written = after.of(chunks);
        return retried && before != null && before.pendingEmbeddings() == written.pendingEmbeddings()
                ? DocumentChange.of(before, before.withChangeKey(after.changeKey()))
                : new DocumentChange(key, before, written, chunks, principals);
    }

    private IndexedChunk indexed(Passage passage, Function<String, Embedded> vectors) {
        var chunk = passage.chunk();
        return new IndexedChunk(
                chunk.ordinal(),
                chunk.text(),
                chunk.start(),
                chunk.end(),
                shown(chunk.parent(), chunk),
                chunk.headings(),
                chunk.context(),
                title,
                uri,
                metadata,
                passage.signals(),
                passage.textHash(),
                passage.sentenceHashes(),
                vectors.apply(passage.textHash()) instanceof Embedded.Vector(var floats) ? floats : null,
                parent(chunk.parent()),
                chunk.tokens());
    }

    /** The pages of what a hit shows. */
    private Pages.@Nullable Range shown(Chunk.@Nullable Parent parent, Chunk chunk) {
        return (parent == null ? pages.of(chunk.start(), chunk.end()) : pages.of(parent.start(), parent.end()))
                .orElse(null);
    }

    private static IndexedChunk.@Nullable Parent parent(Chunk.@Nullable Parent parent) {
        return parent == null
                ? null
                : new IndexedChunk.Parent(parent.ordinal(), parent.text(), parent.start(), parent.end());
    }
}
