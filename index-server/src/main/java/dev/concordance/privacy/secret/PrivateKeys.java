package dev.concordance.privacy.secret;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import java.util.function.Consumer;

/** Private keys in PEM (RFC 7468) and of PGP, from their first line to their last; one without its last line to where it breaks off. */
public final class PrivateKeys implements Detector {
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final String END = "-----END ";
    private static final int LONGEST_LABEL = 64;
    /** What there has to be of a key, so that a text about keys is none. */
    private static final int SHORTEST_BODY = 32;

    @Override
    public void find(String text, Consumer<Finding> found) {
        for (var at = text.indexOf(BEGIN); at >= 0; ) {
            var body = bodyStart(text, at);
            var dashes = body < 0 ? -1 : text.indexOf(DASHES, body);
            var end = dashes < 0 ? text.length() : dashes;
            if (body >= 0 && isKey(text, body, end)) {
                found.accept(new Finding(Kind.Secret, at, lineEnd(text, end)));
            }
            at = text.indexOf(BEGIN, body < 0 ? at + 1 : end);
        }
    }

    /** Where the first line ends, if it is one of a private key. */
    private static int bodyStart(String text, int begin) {
        var label = begin + BEGIN.length();
        var end = text.indexOf(DASHES, label, Math.min(text.length(), label + LONGEST_LABEL));
        return end >= 0 && text.substring(label, end).contains("PRIVATE KEY") ? end + DASHES.length() : -1;
    }

    private static boolean isKey(String text, int start, int end) {
        var characters = 0;
        for (var i = start; i < end && characters < SHORTEST_BODY; i++) {
            var c = text.charAt(i);
            characters += Character.isLetterOrDigit(c) || c == '+' || c == '/' || c == '=' ? 1 : 0;
        }
        return characters == SHORTEST_BODY;
    }

    private static int lineEnd(String text, int dashes) {
        if (!text.startsWith(END, dashes)) {
            return dashes;
        }
        var label = dashes + END.length();
        var end = text.indexOf(DASHES, label, Math.min(text.length(), label + LONGEST_LABEL));
        return end < 0 ? dashes : end + DASHES.length();
    }
}
