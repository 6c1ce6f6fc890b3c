package dev.concordance.parse;

import java.util.List;

/**
 * A stretch of a document's text that belongs together, as a half-open range of UTF-16 units.
 *
 * @param section rises by one with each heading; blocks of a section follow each other
 * @param headings the headings above it, outermost first
 */
public record Block(Kind kind, int start, int end, int section, List<String> headings) {
    public Block {
        headings = List.copyOf(headings);
    }

    /** What a block is. */
    public enum Kind {
        HEADING,
        PROSE,
        /** Kept whole where it fits: a code block, a row of a table. */
        WHOLE
    }
}
