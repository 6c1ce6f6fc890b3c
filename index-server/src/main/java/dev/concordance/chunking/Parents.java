package dev.concordance.chunking;

import dev.concordance.embedding.Tokenizer;
import dev.concordance.parse.Block;
import java.util.ArrayList;
import java.util.List;

/** Divides a document into parents, none of which has more tokens than allowed when its text is counted by itself. */
final class Parents {
    private final String text;
    private final TokenIndex tokens;
    private final Sentences sentences;
    private final Tokenizer tokenizer;
    private final int most;

    Parents(String text, TokenIndex tokens, Sentences sentences, Tokenizer tokenizer, int most) {
        this.text = text;
        this.tokens = tokens;
        this.sentences = sentences;
        this.tokenizer = tokenizer;
        this.most = most;
    }

    /** In order, without the white space around them. */
    List<Piece> of(List<Block> blocks) {
        var room = most;
        while (true) {
            var pieces = divided(blocks, room);
            var longest = pieces.stream().mapToInt(this::size).max().orElse(0);
            if (longest <= most) {
                return pieces;
            }
            if (room <= most / 2) {
                return pieces.stream().flatMap(piece -> halved(piece).stream()).toList();
            }
            // Some tokenizers count a text cut out of another differently: leave them that much room.
            room = Math.max(most / 2, room - (longest - most));
        }
    }

    private List<Piece> divided(List<Block> blocks, int room) {
        var division = new Division(
                piece -> tokens.count(piece.start(), piece.end()) <= room,
                block -> new Spans(text, tokens, sentences, room).whole(block),
                Piece::then);
        return division.of(Outline.of(blocks)).stream()
                .map(piece -> piece.stripped(text))
                .toList();
    }

    private List<Piece> halved(Piece piece) {
        var middle = middle(piece.start(), piece.end());
        if (size(piece) <= most || middle == piece.start()) {
            return List.of(piece);
        }
        var halves = new ArrayList<>(halved(new Piece(piece.start(), middle, piece.headings()).stripped(text)));
        halves.addAll(halved(new Piece(middle, piece.end(), piece.headings()).stripped(text)));
        return halves;
    }

    /** The last space before the middle, else a border between two characters near it; the beginning if there is only one. */
    private int middle(int from, int to) {
        var middle = from + (to - from) / 2;
        for (var at = middle; at > from + (middle - from) / 2; at--) {
            if (Character.isWhitespace(text.charAt(at))) {
                return at;
            }
        }
        return Character.isLowSurrogate(text.charAt(middle)) ? middle - 1 : middle;
    }

    /** Counted anew only where the border may have changed it. */
    private int size(Piece piece) {
        return tokens.isExact(piece.start(), piece.end())
                ? tokens.count(piece.start(), piece.end())
                : tokenizer.count(text.substring(piece.start(), piece.end()));
    }
}
