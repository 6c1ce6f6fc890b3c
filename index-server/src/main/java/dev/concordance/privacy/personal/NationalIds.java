package dev.concordance.privacy.personal;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Ascii;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import dev.concordance.privacy.finding.Surroundings;
import java.util.function.Consumer;

/** Looks for the numbers of {@link NationalId}. */
public final class NationalIds implements Detector {
    private static final NationalId[] ALL = NationalId.values();

    @Override
    public void find(String text, Consumer<Finding> found) {
        var before = false;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            var word = Ascii.isAlphanumeric(c);
            if (word && !before && !(c >= 'a' && c <= 'z')) {
                var end = end(text, i);
                if (end > 0) {
                    found.accept(new Finding(Kind.NationalId, i, end));
                    i = end - 1;
                }
            }
            before = word;
        }
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
                at += at < text.length() && " .-".indexOf(text.charAt(at)) >= 0 ? 1 : 0;
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
