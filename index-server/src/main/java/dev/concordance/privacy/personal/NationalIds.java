package dev.concordance.privacy.personal;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Ascii;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import dev.concordance.privacy.finding.Surroundings;
import java.util.function.Consumer;

/** Looks for the numbers of {@link NationalId}. */
public final class NationalIds implements Detector {
    private static final int WINDOW = 12;
    private static final int FEWEST_DIGITS = 5;
    private static final int FEWEST_AFTER_LETTERS = 2;
    private static final String SEPARATORS = " .-+";
    private static final NationalId[] ALL = NationalId.values();

    @Override
    public void find(String text, Consumer<Finding> found) {
        var before = false;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            var word = Ascii.isAlphanumeric(c);
            if (word && !before && isPromising(text, i)) {
                var end = end(text, i);
                if (end > 0) {
                    found.accept(new Finding(Kind.NationalId, i, end));
                    i = end - 1;
                }
            }
            before = word;
        }
    }

    /** Whether there are digits enough, so that most words and numbers needn't be compared with every form. */
    private static boolean isPromising(String text, int start) {
        var most = Math.min(text.length(), start + WINDOW);
        var digits = 0;
        for (var i = start; i < most; i++) {
            var c = text.charAt(i);
            if (Ascii.isDigit(c)) {
                digits++;
            } else if (c >= 'a' && c <= 'z' || !Ascii.isLetter(c) && SEPARATORS.indexOf(c) < 0) {
                break;
            }
        }
        return digits >= (Ascii.isDigit(text.charAt(start)) ? FEWEST_DIGITS : FEWEST_AFTER_LETTERS);
    }

    /** Where a number that begins here ends; -1 if none does. */
    private static int end(String text, int start) {
        for (var id : ALL) {
            for (var form : id.alone()) {
                var end = end(text, start, form, id);
                if (end > 0) {
                    return end;
                }
            }
            for (var form : id.announced()) {
                var end = end(text, start, form, id);
                if (end > 0 && Surroundings.announce(text, start, id.words())) {
                    return end;
                }
            }
        }
        return -1;
    }

    private static int end(String text, int start, String form, NationalId id) {
        var at = start;
        for (var i = 0; i < form.length(); i++) {
            if (form.charAt(i) == '_') {
                at += at < text.length() && SEPARATORS.indexOf(text.charAt(at), 0, 3) >= 0 ? 1 : 0;
            } else if (at < text.length() && fits(text.charAt(at), form.charAt(i))) {
                at++;
            } else {
                return -1;
            }
        }
        return Ascii.isApart(text, start, at) && id.isValid(Checksums.compact(text, start, at)) ? at : -1;
    }

    private static boolean fits(char c, char form) {
        return switch (form) {
            case '9' -> Ascii.isDigit(c);
            case 'A' -> c >= 'A' && c <= 'Z';
            case 'X' -> Ascii.isDigit(c) || c >= 'A' && c <= 'Z';
            default -> c == form;
        };
    }
}
