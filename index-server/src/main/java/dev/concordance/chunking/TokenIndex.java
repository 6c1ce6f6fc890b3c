package dev.concordance.chunking;

import dev.concordance.embedding.Tokenizer;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Answers how many tokens a stretch of a text has, and where to cut it after so many, from one tokenisation of the text. Parts of
 * a word may have more tokens by themselves than in the word; it remembers those that it is told of.
 */
final class TokenIndex {
    /** An unknown word is one token however long it is; one longer than this counts as several, and may be cut. */
    private static final int LONGEST_TOKEN = 1_000;

    private static final int STRETCH = 16;

    private final String text;
    private final Tokenizer tokenizer;
    private final int[] starts;
    /** The first token of each stretch of the text, so that no search goes farther than one. */
    private final int[] firstOfStretch;

    private final NavigableMap<Integer, Integer> surplus = new TreeMap<>();

    TokenIndex(String text, Tokenizer tokenizer) {
        this.text = text;
        this.tokenizer = tokenizer;
        var tokens = tokenizer.tokenize(text);
        var all = new int[tokens.size()];
        var size = 0;
        for (var token = 0; token < tokens.size(); token++) {
            all = withRoom(all, size);
            all[size++] = tokens.start(token);
            for (var at = tokens.start(token) + LONGEST_TOKEN; at + LONGEST_TOKEN < tokens.end(token); ) {
                at -= Character.isLowSurrogate(text.charAt(at)) ? 1 : 0;
                all = withRoom(all, size);
                all[size++] = at;
                at += LONGEST_TOKEN;
            }
        }
        starts = Arrays.copyOf(all, size);
        firstOfStretch = new int[text.length() / STRETCH + 1];
        for (int stretch = 0, token = 0; stretch < firstOfStretch.length; stretch++) {
            while (token < size && starts[token] < stretch * STRETCH) {
                token++;
            }
            firstOfStretch[stretch] = token;
        }
    }

    private static int[] withRoom(int[] all, int size) {
        return size < all.length ? all : Arrays.copyOf(all, 2 * size + 1);
    }

    int count(int start, int end) {
        var more = 0;
        if (!surplus.isEmpty() && start < end) {
            for (var each : surplus.subMap(start, end).values()) {
                more += each;
            }
        }
        return firstFrom(end) - firstFrom(start) + more;
    }

    /** Whether a stretch certainly has as many tokens by itself as in the text. */
    boolean isExact(int start, int end) {
        return tokenizer.endsTokensAtSpaces() && isBorder(start) && isBorder(end);
    }

    private boolean isBorder(int at) {
        return at == 0 || at == text.length() || isSpace(text.charAt(at - 1)) || isSpace(text.charAt(at));
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    /** Tokens that a stretch has more by itself than in the text; only parts of words do. */
    int surplus(int start, int end) {
        return isInWord(start) || isInWord(end)
                ? Math.max(0, tokenizer.count(text.substring(start, end)) - count(start, end))
                : 0;
    }

    /** From now on the stretch that begins here counts so many tokens more. */
    void add(int start, int tokens) {
        if (tokens > 0) {
            surplus.merge(start, tokens, Integer::sum);
        }
    }

    private boolean isInWord(int at) {
        return at > 0
                && at < text.length()
                && !Character.isWhitespace(text.charAt(at - 1))
                && !Character.isWhitespace(text.charAt(at));
    }

    /**
     * Where {@code text[start:end]}, which has more than {@code most} tokens, is best cut: at the last space that leaves at
     * most that many, else between two tokens.
     */
    int cut(int start, int end, int most) {
        var first = firstFrom(start);
        // What has too many only by its surplus has fewer tokens than that here.
        var last = Math.min(first + most, firstFrom(end) - 1);
        var hard = last > first ? starts[last] : start;
        for (var token = last; token > first + (last - first) / 2; token--) {
            var at = starts[token];
            if (at > start && Character.isWhitespace(text.charAt(at - 1))) {
                return at;
            }
        }
        return hard > start ? hard : Math.min(end, text.offsetByCodePoints(start, 1));
    }

    /** The last beginning of a word that has at least {@code count} tokens, or nearly so, between it and {@code offset}. */
    int wordBefore(int offset, int count) {
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
        var token = firstOfStretch[Math.min(offset, text.length()) / STRETCH];
        while (token < starts.length && starts[token] < offset) {
            token++;
        }
        return token;
    }
}
