package dev.concordance.parse;

/** Text from outside, made fit to be kept. */
public final class Words {
    /** Titles and headings stand beside each passage, so a longer one would cost its length many times. */
    private static final int LONGEST = 500;

    private static final int REPLACEMENT = 0xFFFD;

    private Words() {}

    /** A title or heading, cut if it is too long to be one; only after it was screened, since what is cut can't be found. */
    public static String shortened(String text) {
        if (isShort(text)) {
            return text;
        }
        var end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end).strip();
    }

    static boolean isShort(String text) {
        return text.length() <= LONGEST;
    }

    /** A title or heading, of any length. */
    static String line(String text) {
        return wellFormed(text).strip();
    }

    /** The text with half characters, which JSON can express and UTF-8 can't, replaced one for one. */
    static String wellFormed(String text) {
        if (text.codePoints().noneMatch(Words::isHalf)) {
            return text;
        }
        var repaired = new StringBuilder(text.length());
        text.codePoints().forEach(c -> repaired.appendCodePoint(isHalf(c) ? REPLACEMENT : c));
        return repaired.toString();
    }

    private static boolean isHalf(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
