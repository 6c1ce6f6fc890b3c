package dev.concordance.privacy.finding;

import java.util.Collection;
import java.util.Locale;

/** The words before a number, which say what it is where the number alone could be anything. */
public final class Surroundings {
    private static final int NEAR = 40;

    private Surroundings() {}

    /** Whether one of the words, in lower case, stands before a place, in the same line or the end of the one before. */
    public static boolean announce(String text, int at, Collection<String> words) {
        var before = text.substring(Math.max(0, at - NEAR), at).toLowerCase(Locale.ROOT);
        return words.stream().anyMatch(word -> holds(before, word));
    }

    private static boolean holds(String text, String word) {
        for (var at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            var begins = at == 0 || !Character.isLetter(text.charAt(at - 1));
            var end = at + word.length();
            if (begins && (end == text.length() || !Character.isLetter(text.charAt(end)))) {
                return true;
            }
        }
        return false;
    }
}
