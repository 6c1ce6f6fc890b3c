package dev.concordance.chunking;

import dev.concordance.parse.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Divides a document at its highest borders, and a part that is still too long at the highest ones within, and a block without
 * borders into its spans. Neighbours of one rank that fit together stay together. It is the way of LangChain's
 * RecursiveCharacterTextSplitter with the document's structure in place of a list of separators.
 *
 * @param fits whether a piece is short enough
 * @param spans those of a block, each of which fits
 * @param join of two pieces beside each other
 */
record Division(Predicate<Piece> fits, Function<Block, List<Span>> spans, BinaryOperator<Piece> join) {
    List<Piece> of(Part part) {
        var whole = Piece.of(part);
        return fits.test(whole) ? List.of(whole) : divided(part);
    }

    private List<Piece> divided(Part part) {
        if (part.parts().isEmpty()) {
            return joined(spans.apply(part.block()).stream().map(Piece::of).toList());
        }
        var pieces = new ArrayList<Piece>();
        var together = new ArrayList<Piece>();
        for (var inner : part.parts()) {
            var piece = Piece.of(inner);
            if (fits.test(piece)) {
                together.add(piece);
            } else {
                pieces.addAll(joined(together));
                together.clear();
                pieces.addAll(divided(inner));
            }
        }
        pieces.addAll(joined(together));
        return pieces;
    }

    /** Joined from the first to the last, as long as they fit. */
    List<Piece> joined(List<Piece> pieces) {
        var joined = new ArrayList<Piece>();
        for (var piece : pieces) {
            var both = joined.isEmpty() ? null : join.apply(joined.getLast(), piece);
            if (both != null && fits.test(both)) {
                joined.set(joined.size() - 1, both);
            } else {
                joined.add(piece);
            }
        }
        return joined;
    }
}
