package dev.concordance.parse;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document's text with its structure.
 *
 * @param text of text formats all of the source, of HTML what a reader sees
 * @param blocks in order, not overlapping; what lies between them is white space or markup
 * @param origin where in the source each part of the text is from
 */
public record ParsedDocument(
        String text, String title, Map<String, Object> metadata, List<Block> blocks, Origin origin) {
    public ParsedDocument {
        title = Words.shortened(title);
        metadata = Map.copyOf(metadata);
        blocks = List.copyOf(blocks);
    }

    /**
     * The same document with what is known of it from elsewhere.
     *
     * @param otherTitle null: its own stays
     * @param more wins over its own metadata; throws {@link UnreadableDocument} if it is too much
     */
    public ParsedDocument with(@Nullable String otherTitle, Map<String, Object> more) throws UnreadableDocument {
        var all = new LinkedHashMap<>(metadata);
        all.putAll(Parser.metadata(more));
        return new ParsedDocument(text, otherTitle == null ? title : otherTitle, all, blocks, origin);
    }

    /** The same document without this field of metadata. */
    public ParsedDocument without(String field) {
        var rest = new LinkedHashMap<>(metadata);
        rest.remove(field);
        return new ParsedDocument(text, title, rest, blocks, origin);
    }

    /** Text without structure: paragraphs end at empty lines. */
    static ParsedDocument ofText(String text, String title, Map<String, Object> metadata) {
        var blocks = Paragraphs.of(text, 0, text.length(), 0, List.of());
        return new ParsedDocument(text, title, metadata, blocks, Origin.same(text));
    }
}
