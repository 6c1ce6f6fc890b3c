package dev.concordance.privacy.secret;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Ascii;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import java.util.function.Consumer;

/** The password of a URL with user and password (RFC 3986); the rest of the URL stays. */
public final class UrlPasswords implements Detector {
    private static final String AUTHORITY = "://";
    private static final int LONGEST = 512;

    @Override
    public void find(String text, Consumer<Finding> found) {
        for (var at = text.indexOf(AUTHORITY); at >= 0; at = text.indexOf(AUTHORITY, at + 1)) {
            if (at == 0 || !Ascii.isAlphanumeric(text.charAt(at - 1))) {
                continue;
            }
            var start = at + AUTHORITY.length();
            var end = userEnd(text, start);
            var colon = end < 0 ? -1 : text.indexOf(':', start, end);
            if (colon > start && Placeholders.isMeant(text.substring(colon + 1, end))) {
                found.accept(new Finding(Kind.Secret, colon + 1, end));
            }
        }
    }

    /** Where the at-sign is that ends user and password; -1 if there is none. */
    private static int userEnd(String text, int start) {
        var most = Math.min(text.length(), start + LONGEST);
        for (var i = start; i < most; i++) {
            var c = text.charAt(i);
            if (c == '@') {
                return i;
            }
            if (c <= ' ' || "/?#\"'`<>[]".indexOf(c) >= 0) {
                return -1;
            }
        }
        return -1;
    }
}
