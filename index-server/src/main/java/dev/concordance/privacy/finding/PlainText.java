package dev.concordance.privacy.finding;

import java.util.Arrays;

/**
 * A text as it looks: what isn't seen is left out, and the many forms of spaces, dashes and digits are the plain ones. So nothing
 * escapes a detector by being typeset, or by a character in its middle that nobody sees.
 */
public final class PlainText {
    private static final char FULL_WIDTH_FIRST = '\uFF01';
    private static final char FULL_WIDTH_LAST = '\uFF5E';
    /** First half of tag characters and of the less usual variation selectors, U+E0000 to U+E03FF. */
    private static final char TAGS = '\uDB40';

    private static final char MINUS = '\u2212';
    private static final char UNSEEN = '\uFFFF';
    private static final int FULL_WIDTH = FULL_WIDTH_FIRST - '!';

    private final String text;
    /** For each unit of the text that of the original; empty: they are the same. */
    private final int[] offsets;

    private PlainText(String text, int[] offsets) {
        this.text = text;
        this.offsets = offsets;
    }

    /** The plain form of a text. */
    public static PlainText of(String original) {
        for (var i = 0; i < original.length(); i++) {
            if (original.charAt(i) > '~' && plain(original.charAt(i)) != original.charAt(i)) {
                return folded(original);
            }
        }
        return new PlainText(original, new int[0]);
    }

    /** The text to look in. */
    public String text() {
        return text;
    }

    /** The finding in the original, with what isn't seen in its middle. */
    public Finding original(Finding found) {
        return offsets.length == 0
                ? found
                : new Finding(found.kind(), offsets[found.start()], offsets[found.end() - 1] + 1);
    }

    private static PlainText folded(String original) {
        var plain = new char[original.length()];
        var offsets = new int[original.length()];
        var length = 0;
        for (var i = 0; i < original.length(); i++) {
            var c = plain(original.charAt(i));
            if (c == UNSEEN) {
                i += original.charAt(i) == TAGS ? 1 : 0;
            } else {
                plain[length] = c;
                offsets[length++] = i;
            }
        }
        return new PlainText(new String(plain, 0, length), Arrays.copyOf(offsets, length));
    }

    private static boolean isSelector(char c) {
        return c >= '\uFE00' && c <= '\uFE0F';
    }

    /** The plain form of a character. */
    private static char plain(char c) {
        if (c <= '~') {
            return c;
        }
        if (c >= FULL_WIDTH_FIRST && c <= FULL_WIDTH_LAST) {
            return (char) (c - FULL_WIDTH);
        }
        return switch (Character.getType(c)) {
            case Character.SPACE_SEPARATOR -> ' ';
            case Character.DASH_PUNCTUATION -> '-';
            case Character.FORMAT -> UNSEEN;
            case Character.DECIMAL_DIGIT_NUMBER -> (char) ('0' + Character.digit(c, 10));
            default -> c == MINUS ? '-' : c == TAGS || isSelector(c) ? UNSEEN : c;
        };
    }
}
