package dev.concordance.chunking;

import dev.concordance.parse.Block;
import java.util.List;

/** A stretch of text from a span to the end of a later one. */
record Piece(Span first, int end) {
    /** All of these blocks, which follow each other. */
    static Piece of(List<Block> blocks) {
        var first = blocks.getFirst();
        return new Piece(
                new Span(first.start(), first.end(), first, true),
                blocks.getLast().end());
    }

    static Piece of(Span span) {
        return new Piece(span, span.end());
    }

    Piece with(Piece next) {
        return new Piece(first, next.end());
    }

    boolean fits(TokenIndex tokens, int most) {
        return tokens.count(first.start(), end) <= most;
    }
}
