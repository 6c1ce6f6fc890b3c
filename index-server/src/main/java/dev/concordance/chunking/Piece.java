package dev.concordance.chunking;

import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of text that becomes a chunk.
 *
 * @param headings that are shown with it
 */
record Piece(int start, int end, List<String> headings) {
    static Piece of(Part part) {
        var block = part.block();
        return new Piece(block.start(), block.end(), block.headings());
    }

    static Piece of(Span span) {
        return new Piece(span.start(), span.end(), span.block().headings());
    }

    /** The same without the white space around it. */
    Piece stripped(String text) {
        var from = start;
        var to = end;
        while (from < to && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
            to--;
        }
        return new Piece(from, to, headings);
    }

    /** This one and the next, under the headings of this one. */
    Piece then(Piece next) {
        return new Piece(start, next.end, headings);
    }

    /** This one and the next, under the headings that both have. */
    Piece beside(Piece next) {
        var common = new ArrayList<String>();
        var fewer = Math.min(headings.size(), next.headings.size());
        for (var i = 0; i < fewer && headings.get(i).equals(next.headings.get(i)); i++) {
            common.add(headings.get(i));
        }
        return new Piece(start, next.end, common);
    }
}
