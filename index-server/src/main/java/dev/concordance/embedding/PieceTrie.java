package dev.concordance.embedding;

import java.util.Arrays;

/**
 * A WordPiece vocabulary as a trie in one open-addressing table; built once, then only read. A slot is a key and beside it what
 * the key leads to, so that a step takes one look into memory.
 */
final class PieceTrie {
    /** Where pieces that begin a word start. */
    static final int WORD_START = 0;

    /** Where pieces that go on in a word start. */
    static final int CONTINUATION = 1;

    /** No state, and no piece. */
    static final int NONE = -1;

    /** A step that no piece takes. */
    static final long NOWHERE = -1;

    private static final long HASH = 0x9E3779B97F4A7C15L;
    private static final int HASH_SHIFT = 33;
    private static final int FIRST_SLOTS = 1 << 16;

    private long[] slots = empty(FIRST_SLOTS);
    private int states = 2;

    void add(int root, String piece, int id) {
        var state = root;
        for (var i = 0; i < piece.length(); i++) {
            var step = stepOrNew(state, piece.charAt(i));
            if (i + 1 == piece.length()) {
                slots[slot(slots, key(state, piece.charAt(i))) + 1] = step(state(step), id);
            }
            state = state(step);
        }
    }

    /** The step from a state with {@code next}, or {@link #NOWHERE}. */
    long step(int state, char next) {
        return slots[slot(slots, key(state, next)) + 1];
    }

    /** The state after a step. */
    static int state(long step) {
        return (int) (step >>> Integer.SIZE);
    }

    /** The id of the piece that ends with a step, or {@link #NONE}. */
    static int piece(long step) {
        return (int) step;
    }

    private static long step(int state, int piece) {
        return ((long) state << Integer.SIZE) | (piece & 0xFFFF_FFFFL);
    }

    private long stepOrNew(int state, char next) {
        var known = step(state, next);
        if (known != NOWHERE) {
            return known;
        }
        if (4 * states > slots.length) {
            grow();
        }
        var slot = slot(slots, key(state, next));
        slots[slot] = key(state, next);
        slots[slot + 1] = step(states++, NONE);
        return slots[slot + 1];
    }

    private void grow() {
        var wider = empty(slots.length);
        for (var i = 0; i < slots.length; i += 2) {
            if (slots[i] != NONE) {
                var slot = slot(wider, slots[i]);
                wider[slot] = slots[i];
                wider[slot + 1] = slots[i + 1];
            }
        }
        slots = wider;
    }

    private static long[] empty(int slots) {
        var empty = new long[2 * slots];
        Arrays.fill(empty, NONE);
        return empty;
    }

    private static long key(int state, char next) {
        return ((long) state << Character.SIZE) | next;
    }

    /** Where a key is, or would be. */
    private static int slot(long[] slots, long key) {
        var mask = slots.length - 2;
        var slot = (int) ((key * HASH) >>> HASH_SHIFT) & mask;
        while (slots[slot] != NONE && slots[slot] != key) {
            slot = (slot + 2) & mask;
        }
        return slot;
    }
}
