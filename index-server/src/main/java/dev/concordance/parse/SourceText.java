package dev.concordance.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The structure of a text that is kept as it stands in its source, found line by line. */
final class SourceText {
    private final Lines lines;
    private final HeadingPath headings = new HeadingPath();
    private final List<Block> blocks = new ArrayList<>();
    private Optional<String> firstHeading = Optional.empty();

    SourceText(Lines lines) {
        this.lines = lines;
    }

    /** A heading that stands on the lines {@code from} to before {@code to}. */
    void heading(int level, String words, int from, int to) {
        headings.enter(level, words);
        firstHeading = firstHeading.isEmpty() && !words.isBlank() ? Optional.of(words) : firstHeading;
        add(Block.Kind.HEADING, from, to);
    }

    /** A block that stands on the lines {@code from} to before {@code to}, of which blank ones at the end don't count. */
    void add(Block.Kind kind, int from, int to) {
        var last = to - 1;
        while (last > from && lines.isBlank(last)) {
            last--;
        }
        range(kind, lines.start(from), lines.end(last));
    }

    /** A heading that is a range of the text. */
    void heading(int level, String words, Origin.Range range) {
        headings.enter(level, words);
        range(Block.Kind.HEADING, range.start(), range.end());
    }

    void range(Block.Kind kind, int start, int end) {
        if (start < end) {
            blocks.add(new Block(kind, start, end, headings.section(), headings.path()));
        }
    }

    /** The words of the first heading. */
    Optional<String> firstHeading() {
        return firstHeading;
    }

    ParsedDocument document(String text, String title, Map<String, Object> metadata) throws UnreadableDocument {
        return new ParsedDocument(text, title, Map.of(), blocks, Origin.same(text)).with(null, metadata);
    }
}
