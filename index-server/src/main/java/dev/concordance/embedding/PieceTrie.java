package dev.concordance.embedding;

import java.util.Arrays;

/** A WordPiece vocabulary as a trie in one open-addressing table; built once, then only read. */
final class PieceTrie {
    /** Where pieces that begin a word start. */
    static final int WORD_START = 0;

    /** Where pieces that go on in a word start. */
    static final int CONTINUATION = 1;

    static final int NONE = -1;

    private static final long HASH = 0x9E3779B97F4A7C15L;
    private static final int HASH_SHIFT = 33;

    private long[] keys = new long[1 << 16];
    private int[] children = new int[1 << 16];
    private int[] pieces = new int[1 << 14];
    private int states = 2;

    PieceTrie() {
        Arrays.fill(keys, NONE);
        Arrays.fill(pieces, NONE);
    }

    void add(int root, String piece, int id) {
        var state = root;
        for (var i = 0; i < piece.length(); i++) {
            state = childOrNew(state, piece.charAt(i));
        }
        pieces[state] = id;
    }

    /** The state after {@code next}, or {@link #NONE}. */
    int child(int state, char next) {
        var slot = slot(keys, key(state, next));
        return keys[slot] == NONE ? NONE : children[slot];
    }

    /** The id of the piece that ends in this state, or {@link #NONE}. */
    int piece(int state) {
        return pieces[state];
    }

    private int childOrNew(int state, char next) {
        var known = child(state, next);
        if (known != NONE) {
            return known;
        }
        if (2 * states > keys.length) {
            grow();
        }
        if (states == pieces.length) {
            pieces = Arrays.copyOf(pieces, 2 * states);
            Arrays.fill(pieces, states, pieces.length, NONE);
        }
        var slot = slot(keys, key(state, next));
        keys[slot] = key(state, next);
        children[slot] = states;
        return states++;
    }

    private void grow() {
        var wider = new long[2 * keys.length];
        var moved = new int[wider.length];
        Arrays.fill(wider, NONE);
        for (var i = 0; i < keys.length; i++) {
            if (keys[i] != NONE) {
                var slot = slot(wider, keys[i]);
                wider[slot] = keys[i];
                moved[slot] = children[i];
            }
        }
        keys = wider;
        children = moved;
    }

    private static long key(int state, char next) {
        return ((long) state << Character.SIZE) | next;
    }

    private static int slot(long[] table, long key) {
        var mask = table.length - 1;
        var slot = (int) ((key * HASH) >>> HASH_SHIFT) & mask;
        while (table[slot] != NONE && table[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
