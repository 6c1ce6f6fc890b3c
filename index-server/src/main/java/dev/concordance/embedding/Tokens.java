package dev.concordance.embedding;

import java.util.Arrays;

/** Tokens with the half-open range of UTF-16 units of the original text that each stands for. */
public final class Tokens {
    private static final int FEW = 64;
    /** Ten thousand passages of the default size; twelve bytes each. */
    private static final int MOST = 3_000_000;

    private int size;
    private int[] ids;
    private int[] starts;
    private int[] ends;

    /** @param expected how many there may be */
    Tokens(int expected) {
        var room = Math.clamp(expected, FEW, MOST);
        ids = new int[room];
        starts = new int[room];
        ends = new int[room];
    }

    /** Number of tokens. */
    public int size() {
        return size;
    }

    /** Id of a token in the model's vocabulary. */
    public int id(int token) {
        return ids[token];
    }

    /** First UTF-16 unit of a token. */
    public int start(int token) {
        return starts[token];
    }

    /** UTF-16 unit after a token's last one. */
    public int end(int token) {
        return ends[token];
    }

    void add(int id, int start, int end) {
        if (size == MOST) {
            throw new TooManyTokens(MOST);
        }
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            starts = Arrays.copyOf(starts, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
        }
        ids[size] = id;
        starts[size] = start;
        ends[size++] = end;
    }

    void truncate(int newSize) {
        size = newSize;
    }
}
