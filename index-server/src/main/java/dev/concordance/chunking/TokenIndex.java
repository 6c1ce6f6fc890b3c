package dev.concordance.chunking;

import dev.concordance.embedding.Tokens;
import java.util.stream.IntStream;

/** Answers how many tokens a stretch of a text has, and where to cut it after so many, from one tokenisation of the text. */
final class TokenIndex {
    /** An unknown word is one token however long it is; one longer than this counts as several, and may be cut. */
    private static final int LONGEST_TOKEN = 1_000;

    private final int[] starts;

    TokenIndex(String text, Tokens tokens) {
        var all = IntStream.builder();
        for (var token = 0; token < tokens.size(); token++) {
            all.add(tokens.start(token));
            for (var at = tokens.start(token) + LONGEST_TOKEN; at + LONGEST_TOKEN < tokens.end(token); ) {
                at -= Character.isLowSurrogate(text.charAt(at)) ? 1 : 0;
                all.add(at);
                at += LONGEST_TOKEN;
            }
        }
        starts = all.build().toArray();
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
        var hard = Math.min(end, starts[first + most]);
        for (var token = first + most; token > first + most / 2; token--) {
            var at = starts[token];
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
            var start = starts[token];
            if (start == 0 || Character.isWhitespace(text.charAt(start - 1))) {
                return start;
            }
        }
        return offset;
    }

    private int firstFrom(int offset) {
        var low = 0;
        var high = starts.length;
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (starts[middle] < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
