package dev.concordance.privacy.finding;

/** Characters of which identifiers are made, and where in a text one may begin and end. */
public final class Ascii {
    private Ascii() {}

    /** Whether it is one of 0 to 9. */
    public static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Whether it is one of a to z and A to Z. */
    public static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    /** Whether it is a letter or a digit. */
    public static boolean isAlphanumeric(char c) {
        return isDigit(c) || isLetter(c);
    }

    /** Whether there is a digit at a place that may be outside of the text. */
    public static boolean isDigitAt(String text, int at) {
        return at >= 0 && at < text.length() && isDigit(text.charAt(at));
    }

    /** Whether there is a letter or a digit of any script, or an underscore, at a place that may be outside of the text. */
    public static boolean isWordAt(String text, int at) {
        return at >= 0 && at < text.length() && (text.charAt(at) == '_' || Character.isLetterOrDigit(text.charAt(at)));
    }

    /** Whether {@code text[start:end]} is no part of a longer word or number. */
    public static boolean isApart(String text, int start, int end) {
        return !isWordAt(text, start - 1)
                && !isWordAt(text, end)
                && !isJoint(text, start - 1, start - 2)
                && !isJoint(text, end, end + 1);
    }

    private static boolean isJoint(String text, int at, int beyond) {
        return at >= 0 && at < text.length() && "-.,/".indexOf(text.charAt(at)) >= 0 && isDigitAt(text, beyond);
    }
}
