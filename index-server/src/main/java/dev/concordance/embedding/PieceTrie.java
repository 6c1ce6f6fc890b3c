package dev.concordance.embedding;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The pieces of a vocabulary as a trie in a double array, so that it stays in a core's cache and a step takes one look into memory
 * (Aoe, "An Efficient Digital Search Algorithm by Using a Double-Array Structure", IEEE Transactions on Software Engineering 15,
 * 1989). A state is the place where its cells begin. No two begin at the same place, so whose a cell is can be told from the
 * character that it is for.
 */
final class PieceTrie {
    /** No piece. */
    static final int NONE = -1;

    /** A step that no piece takes. */
    static final long NOWHERE = 0;

    /** A state from which no step leads anywhere. */
    static final int END = 0;

    private static final int ASCII = 128;
    private static final int FEW = 1 << 10;
    private static final long CODE = 0xFFFF;
    private static final int PIECE_SHIFT = 16;
    private static final long PIECE = 0xFF_FFFF;
    private static final int STATE_SHIFT = 40;
    private static final int MOST = 1 << 24;

    /** Characters of pieces by small numbers; those of ASCII have their own, and what isn't in any piece has 0. */
    private final char[] codes;
    /** The state that a step leads to, one more than the piece that ends with it, and the code of its character. */
    private final long[] cells;

    private final int start;

    private PieceTrie(char[] codes, long[] cells, int start) {
        this.codes = codes;
        this.cells = cells;
        this.start = start;
    }

    /** The state before the first character of a piece. */
    int start() {
        return start;
    }

    /** The step from a state with {@code next}, or {@link #NOWHERE}. */
    long step(int state, char next) {
        var code = next < ASCII ? next : codes[next];
        var cell = cells[state + code];
        return (cell & CODE) == code ? cell : NOWHERE;
    }

    /** The state after a step. */
    static int state(long step) {
        return (int) (step >>> STATE_SHIFT);
    }

    /** The id of the piece that ends with a step, or {@link #NONE}. */
    static int piece(long step) {
        return (int) (step >>> PIECE_SHIFT & PIECE) - 1;
    }

    /** Collects the pieces, and then finds a place for the cells of each state; first of those near the start, to which most steps lead. */
    static final class Builder {
        /** A gap that is wide enough isn't looked for longer. */
        private static final int TRIES = 16;

        private final char[] codes = new char[1 << Character.SIZE];
        private char nextCode = ASCII;
        /** Of each node its character, what else may come instead, what may come next, and what ends there; the first one is the start. */
        private char[] code = new char[FEW];

        private int[] sibling = new int[FEW];
        private int[] child = new int[FEW];
        private int[] piece = new int[FEW];
        private int nodes = 1;

        private final BitSet states = new BitSet();
        private int firstFree = 1;
        private long[] cells = new long[2 << Character.SIZE];

        Builder() {
            for (char c = 0; c < ASCII; c++) {
                codes[c] = c;
            }
            states.set(END);
        }

        /** Adds a piece, unless no text has it. Throws IllegalArgumentException if its id is none. */
        void add(String text, int id) {
            if (id < 0 || id + 1 >= MOST) {
                throw new IllegalArgumentException("the vocabulary gives a piece the id " + id);
            }
            if (text.isEmpty() || text.indexOf('\0') >= 0) {
                return;
            }
            var node = 0;
            for (var i = 0; i < text.length(); i++) {
                node = next(node, text.charAt(i));
            }
            piece[node] = id + 1;
        }

        private int next(int node, char c) {
            if (codes[c] == 0) {
                codes[c] = nextCode++;
            }
            for (var known = child[node]; known != 0; known = sibling[known]) {
                if (code[known] == codes[c]) {
                    return known;
                }
            }
            if (nodes == code.length) {
                code = Arrays.copyOf(code, 2 * nodes);
                sibling = Arrays.copyOf(sibling, 2 * nodes);
                child = Arrays.copyOf(child, 2 * nodes);
                piece = Arrays.copyOf(piece, 2 * nodes);
            }
            code[nodes] = codes[c];
            sibling[nodes] = child[node];
            child[node] = nodes;
            return nodes++;
        }

        /** Throws IllegalArgumentException if there are too many. */
        PieceTrie build() {
            var open = new int[nodes];
            var cell = new int[nodes];
            var found = 1;
            for (var done = 0; done < found; done++) {
                var state = child[open[done]] == 0 ? END : room(open[done]);
                cells[cell[done]] |= (long) state << STATE_SHIFT;
                for (var next = child[open[done]]; next != 0; next = sibling[next]) {
                    open[found] = next;
                    cell[found++] = state + code[next];
                    cells[state + code[next]] = (long) piece[next] << PIECE_SHIFT | code[next];
                }
            }
            var start = state(cells[0]);
            cells[0] = NOWHERE;
            return new PieceTrie(codes, Arrays.copyOf(cells, states.length() + nextCode), start);
        }

        /** A state that leaves each next character a cell of its own. */
        private int room(int node) {
            while (cells[firstFree] != NOWHERE) {
                firstFree++;
            }
            var state = Math.max(1, firstFree - code[child[node]]);
            for (var tries = 0; states.get(state) || !isFree(state, node); tries++) {
                state = tries == TRIES ? Math.max(state, states.length()) : state + 1;
            }
            if (state >= MOST) {
                throw new IllegalArgumentException("the vocabulary has too many pieces");
            }
            states.set(state);
            return state;
        }

        private boolean isFree(int state, int node) {
            if (state + nextCode > cells.length) {
                cells = Arrays.copyOf(cells, 2 * (state + nextCode));
            }
            for (var next = child[node]; next != 0; next = sibling[next]) {
                if (cells[state + code[next]] != NOWHERE) {
                    return false;
                }
            }
            return true;
        }
    }
}
