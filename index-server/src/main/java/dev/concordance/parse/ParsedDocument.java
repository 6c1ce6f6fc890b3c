package dev.concordance.parse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A document's text with its structure.
 *
 * @param text of text formats all of the source, of HTML and binary formats what a reader sees
 * @param blocks in order, not overlapping; what lies between them is white space or markup
 * @param origin where in the source each part of the text is from
 * @param hidden stretches of the text that its markup keeps from readers, as ranges of UTF-16 units
 */
public record ParsedDocument(
        String text,
        String title,
        Map<String, Object> metadata,
        List<Block> blocks,
        Origin origin,
        Pages pages,
        List<Origin.Range> hidden) {
    public ParsedDocument {
        title = Words.line(title);
        metadata = Map.copyOf(metadata);
        blocks = List.copyOf(blocks);
        hidden = List.copyOf(hidden);
    }

    /**
     * The same document with other words in some places. A block that ends within something that was replaced has all of the
     * replacement, and the next one begins behind it.
     *
     * @param otherHeadings gives what stands in place of the headings above a block
     */
    public ParsedDocument replaced(
            Replacements replacements,
            String otherTitle,
            UnaryOperator<List<String>> otherHeadings,
            Map<String, Object> otherMetadata) {
        var moved = new ArrayList<Block>();
        // One list for all blocks of a section, of which there may be as many as lines.
        var others = new HashMap<List<String>, List<String>>();
        for (var block : blocks) {
            var start = replacements.after(block.start());
            var end = replacements.after(block.end());
            if (start < end) {
                var headings = others.computeIfAbsent(block.headings(), path -> List.copyOf(otherHeadings.apply(path)));
                moved.add(new Block(block.kind(), start, end, block.section(), headings));
            }
        }
        return new ParsedDocument(
                replacements.in(text),
                otherTitle,
                otherMetadata,
                moved,
                origin.replaced(replacements),
                pages,
                List.of());
    }

    /** The same document with its title and headings as they may stand beside each passage. */
    public ParsedDocument shortened() {
        var known = new HashMap<String, String>();
        return Words.isShort(title)
                        && blocks.stream()
                                .allMatch(block -> block.headings().stream().allMatch(Words::isShort))
                ? this
                : replaced(
                        new Replacements(List.of()),
                        Words.shortened(title),
                        headings -> headings.stream()
                                .map(heading -> known.computeIfAbsent(heading, Words::shortened))
                                .toList(),
                        metadata);
    }

    /** A document without pages, of which nothing is hidden. */
    public ParsedDocument(String text, String title, Map<String, Object> metadata, List<Block> blocks, Origin origin) {
        this(text, title, metadata, blocks, origin, Pages.NONE, List.of());
    }

    /** A document of a format whose source is no text, so that its decoded text is the source. */
    public static ParsedDocument ofDecoded(
            String text, String title, List<Block> blocks, Pages pages, List<Origin.Range> hidden) {
        return new ParsedDocument(text, title, Map.of(), blocks, Origin.same(text), pages, hidden);
    }

    /** What stands beside a text that can't be read, however much it is. */
    public static ParsedDocument ofMetadata(String title, Map<String, Object> metadata) {
        return new ParsedDocument("", title, metadata, List.of(), Origin.same(""));
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
        return new ParsedDocument(text, otherTitle == null ? title : otherTitle, all, blocks, origin, pages, hidden);
    }

    /** The same document without this field of metadata. */
    public ParsedDocument without(String field) {
        var rest = new LinkedHashMap<>(metadata);
        rest.remove(field);
        return new ParsedDocument(text, title, rest, blocks, origin, pages, hidden);
    }

    /** Text without structure: paragraphs end at empty lines. */
    static ParsedDocument ofText(String text, String title, Map<String, Object> metadata) {
        var blocks = Paragraphs.of(text, 0, text.length(), 0, List.of());
        return new ParsedDocument(text, title, metadata, blocks, Origin.same(text));
    }
}
