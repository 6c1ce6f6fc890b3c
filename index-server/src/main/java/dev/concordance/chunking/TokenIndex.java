package dev.concordance.chunking;

import dev.concordance.embedding.Tokens;

/** Answers how many tokens a stretch of a text has, and where to cut it after so many, from one tokenisation of the text. */
final class TokenIndex {
    private final Tokens tokens;

    TokenIndex(Tokens tokens) {
        this.tokens = tokens;
    }

    int count(int start, int end) {
        return firstFrom(end) - firstFrom(start);
    }

    /**
     * Where {@code text[start:end]}, which has more than {@code most} tokens, is best cut: at the last space that leaves at
     * most that many, else between two tokens.
     */
    int cut(String text, int start, int end, int most) {
        var first = firstFrom(start);
        var hard = Math.min(end, tokens.start(first + most));
        for (var token = first + most; token > first + most / 2; token--) {
            var at = tokens.start(token);
            if (at > start && Character.isWhitespace(text.charAt(at - 1))) {
                return at;
            }
        }
        return hard > start ? hard : Math.min(end, text.offsetByCodePoints(start, 1));
    }

    /** The last beginning of a word that has at least {@code count} tokens, or nearly so, between it and {@code offset}. */
    int wordBefore(String text, int offset, int count) {
        var limit = firstFrom(offset);
        for (var token = Math.max(0, limit - count); token < limit; token++) {
            var start = tokens.start(token);
            if (start == 0 || Character.isWhitespace(text.charAt(start - 1))) {
                return start;
            }
        }
        return offset;
    }

    private int firstFrom(int offset) {
        var low = 0;
        var high = tokens.size();
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (tokens.start(middle) < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
