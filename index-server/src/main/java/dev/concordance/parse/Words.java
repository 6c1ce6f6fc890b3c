package dev.concordance.parse;

/** Text from outside, made fit to be kept. */
public final class Words {
    /** Titles and headings stand beside each passage, so a longer one would cost its length many times. */
    private static final int LONGEST = 500;

    /** A value that begins in what is kept is found whole: a token that is longer fits into no HTTP header. */
    public static final int LONGEST_SCREENED = 16_384;

    private static final int REPLACEMENT = 0xFFFD;

    private Words() {}

    /** A title or heading, cut if it is too long to be one; only after it was screened, since what is cut can't be found. */
    public static String shortened(String text) {
        return isShort(text) ? text : cut(text, LONGEST);
    }

    static boolean isShort(String text) {
        return text.length() <= LONGEST;
    }

    /** A title or heading of which there is enough to find whatever begins in the part that is kept. */
    static String line(String text) {
        var stripped = wellFormed(text).strip();
        return stripped.length() <= LONGEST_SCREENED ? stripped : cut(stripped, LONGEST_SCREENED);
    }

    private static String cut(String text, int length) {
        var end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end).strip();
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
