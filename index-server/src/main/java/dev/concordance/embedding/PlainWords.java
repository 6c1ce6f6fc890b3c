package dev.concordance.embedding;

/**
 * The pieces that begin a word and are a few letters and digits of ASCII, in one open-addressing table. The longest piece that a
 * word can begin with is the word itself, so one look finds what most words are cut into. Each stands there as a number in base
 * 37, which no other word of at most {@link #LONGEST} characters has.
 */
final class PlainWords {
    /** The longest word of which there is one number in a {@code long}. */
    static final int LONGEST = 12;

    /** What a character is that ends a word. */
    static final int END = 0;

    /** What a character is that may belong to a word and has no digit. */
    static final int OTHER = -1;

    private static final int BASE = 37;
    private static final long HASH = 0x9E3779B97F4A7C15L;
    private static final int HASH_SHIFT = 33;
    private static final byte[] DIGITS = new byte[128];

    static {
        for (var c = 0; c < DIGITS.length; c++) {
            DIGITS[c] = (byte)
                    switch (Characters.of(c)) {
                        case WORD -> Character.digit(c, Character.MAX_RADIX) + 1;
                        case SPACE, ALONE -> END;
                        case DROPPED -> OTHER;
                    };
        }
    }

    private long[] slots = new long[2 << 10];
    private int size;

    /** The digit that a letter, small or not, or a digit of ASCII stands for; {@link #END} or {@link #OTHER} for other characters. */
    static int digit(char c) {
        return c < DIGITS.length ? DIGITS[c] : OTHER;
    }

    /** A letter of ASCII as a small one, other characters as they are. */
    static char small(char c) {
        return (char) ('A' <= c && c <= 'Z' ? c + ('a' - 'A') : c);
    }

    /** The number of a word with one character more, from the number of the word; of no characters it is 0. */
    static long number(long number, int digit) {
        return BASE * number + digit;
    }

    /** Adds a piece with small letters; any that the table isn't for is left out. */
    void add(String piece, int id) {
        if (piece.isEmpty() || piece.length() > LONGEST || !piece.chars().allMatch(PlainWords::isPlain)) {
            return;
        }
        if (3 * size >= slots.length) {
            grow();
        }
        var number = 0L;
        for (var i = 0; i < piece.length(); i++) {
            number = number(number, digit(piece.charAt(i)));
        }
        put(number, id);
    }

    /** The id of the piece that a word of at most {@link #LONGEST} characters is, or {@link PieceTrie#NONE}. */
    int find(long number) {
        var slot = slot(number);
        return slots[slot] == 0 ? PieceTrie.NONE : (int) slots[slot + 1];
    }

    private static boolean isPlain(int c) {
        return digit((char) c) > 0 && !Character.isUpperCase(c);
    }

    private void grow() {
        var before = slots;
        slots = new long[2 * before.length];
        size = 0;
        for (var i = 0; i < before.length; i += 2) {
            if (before[i] != 0) {
                put(before[i], (int) before[i + 1]);
            }
        }
    }

    private void put(long number, int id) {
        var slot = slot(number);
        size += slots[slot] == 0 ? 1 : 0;
        slots[slot] = number;
        slots[slot + 1] = id;
    }

    /** Where a number is, or would be; its piece is beside it. */
    private int slot(long number) {
        var mask = slots.length - 2;
        var slot = (int) ((number * HASH) >>> HASH_SHIFT) & mask;
        while (slots[slot] != 0 && slots[slot] != number) {
            slot = (slot + 2) & mask;
        }
        return slot;
    }
}
