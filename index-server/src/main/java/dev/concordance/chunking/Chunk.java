package dev.concordance.chunking;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A passage of a document.
 *
 * @param ordinal position in the document, from 0
 * @param text of a text format exactly {@code source[start:end]}
 * @param start first code point of the passage in the document's decoded source
 * @param end code point after the passage's last one
 * @param headings headings above the passage's beginning, outermost first
 * @param context the rendered context header; empty for none
 * @param parent what is shown in its place; null: it is shown itself
 * @param tokens of {@link #embeddedText()}, special ones not counted
 */
public record Chunk(
        int ordinal,
        String text,
        int start,
        int end,
        List<String> headings,
        String context,
        @Nullable Parent parent,
        int tokens) {
    public Chunk {
        headings = List.copyOf(headings);
    }

    /** A longer passage that has the chunk in it. Its fields are those of a chunk. */
    public record Parent(int ordinal, String text, int start, int end) {}

    /** What a hit shows: the parent, where there is one, and else the chunk itself. */
    public Parent shown() {
        return parent == null ? new Parent(ordinal, text, start, end) : parent;
    }

    /** What the model sees: the context header, if there is one, and the text below it. */
    public String embeddedText() {
        return embeddedText(context, text);
    }

    /** What the model sees of a text with a context header; empty for none. */
    public static String embeddedText(String context, String text) {
        return context.isEmpty() ? text : context + "\n" + text;
    }
}
