package dev.concordance.index;

import dev.concordance.chunking.Chunk;
import dev.concordance.parse.Pages;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A passage as it is stored.
 *
 * @param pages that it is on; null: the document has none
 * @param textHash {@link TextHash} of what was embedded
 * @param sentenceHashes {@link TextHash}es of what was embedded besides to find where to cut: a share of the document's
 * @param metadata of the document
 * @param vector null: the model refuses the text
 * @param signals names of what it is marked with
 * @param parent what is shown in its place; null: it is shown itself
 * @param tokens of what was embedded, special ones not counted; not stored with it
 */
public record IndexedChunk(
        int ordinal,
        String text,
        int start,
        int end,
        Pages.@Nullable Range pages,
        List<String> headings,
        String context,
        String title,
        @Nullable String uri,
        Map<String, Object> metadata,
        List<String> signals,
        String textHash,
        List<String> sentenceHashes,
        float @Nullable [] vector,
        @Nullable Parent parent,
        int tokens) {

    /** What was embedded. */
    public String embeddedText() {
        return Chunk.embeddedText(context, text);
    }

    /** The same passage, embedded by a model by which its text has this hash. */
    public IndexedChunk with(String hash, float @Nullable [] other) {
        return new IndexedChunk(
                ordinal,
                text,
                start,
                end,
                pages,
                headings,
                context,
                title,
                uri,
                metadata,
                signals,
                hash,
                sentenceHashes,
                other,
                parent,
                tokens);
    }

    /** A longer passage, as it is stored with each of its chunks. */
    public record Parent(int ordinal, String text, int start, int end) {}
}
