package dev.concordance.chunking;

import dev.concordance.parse.Block;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides a document at its highest borders, and a part that is still too long at the highest ones within: headings by their
 * depth, blocks, then sentences or lines. Neighbours of one rank that fit together stay together. It is the way of LangChain's
 * RecursiveCharacterTextSplitter with the document's structure in place of a list of separators.
 */
final class Division {
    private final TokenIndex tokens;
    private final Spans spans;
    private final int most;

    /** @param most tokens of a piece */
    Division(TokenIndex tokens, Spans spans, int most) {
        this.tokens = tokens;
        this.spans = spans;
        this.most = most;
    }

    /** The pieces of blocks that don't fit into one. */
    List<Piece> of(List<Block> blocks) {
        if (blocks.size() == 1) {
            return joined(spans.whole(blocks.getFirst()).stream().map(Piece::of).toList());
        }
        var pieces = new ArrayList<Piece>();
        var together = new ArrayList<Piece>();
        for (var part : parts(blocks)) {
            var piece = Piece.of(part);
            if (piece.fits(tokens, most)) {
                together.add(piece);
            } else {
                pieces.addAll(joined(together));
                together.clear();
                pieces.addAll(of(part));
            }
        }
        pieces.addAll(joined(together));
        return pieces;
    }

    private List<Piece> joined(List<Piece> pieces) {
        var joined = new ArrayList<Piece>();
        for (var piece : pieces) {
            var both = joined.isEmpty() ? null : joined.getLast().with(piece);
            if (both != null && both.fits(tokens, most)) {
                joined.set(joined.size() - 1, both);
            } else {
                joined.add(piece);
            }
        }
        return joined;
    }

    /** Divided at all borders of the highest rank that there is between the blocks. */
    private static List<List<Block>> parts(List<Block> blocks) {
        var highest = Integer.MAX_VALUE;
        for (var i = 1; i < blocks.size(); i++) {
            highest = Math.min(highest, rank(blocks.get(i - 1), blocks.get(i)));
        }
        var parts = new ArrayList<List<Block>>();
        var from = 0;
        for (var i = 1; i <= blocks.size(); i++) {
            if (i == blocks.size() || rank(blocks.get(i - 1), blocks.get(i)) == highest) {
                parts.add(blocks.subList(from, i));
                from = i;
            }
        }
        return parts;
    }

    /** Depth of the heading that the border is at; behind all headings for one within a section. */
    private static int rank(Block before, Block after) {
        return before.section() == after.section()
                ? Integer.MAX_VALUE
                : after.headings().size();
    }
}
