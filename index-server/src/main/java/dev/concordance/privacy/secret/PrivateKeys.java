package dev.concordance.privacy.secret;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Ascii;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import java.util.function.Consumer;

/** Private keys in PEM (RFC 7468) and of PGP, from their first line to their last; one without its last line to where it breaks off. */
public final class PrivateKeys implements Detector {
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final String END = "-----END ";
    private static final int HEADERS = 160;
    private static final int LONGEST_LABEL = 64;
    /** What there has to be of a key, so that a text about keys is none. */
    private static final int SHORTEST_BODY = 32;

    @Override
    public void find(String text, Consumer<Finding> found) {
        for (var at = text.indexOf(BEGIN); at >= 0; ) {
            var body = bodyStart(text, at);
            var end = body < 0 ? at + 1 : bodyEnd(text, body);
            if (body >= 0 && isKey(text, body, end)) {
                found.accept(new Finding(Kind.Secret, at, lineEnd(text, end)));
            }
            at = text.indexOf(BEGIN, end);
        }
    }

    /** Where what isn't base 64 begins, nor white space or escaped white space, nor the headers before them. */
    private static int bodyEnd(String text, int body) {
        var end = body;
        while (end < text.length() && (isBody(text.charAt(end)) || end - body < HEADERS && isHeader(text, end))) {
            end++;
        }
        return end;
    }

    private static boolean isBody(char c) {
        return Ascii.isAlphanumeric(c) || Character.isWhitespace(c) || "+/=\\".indexOf(c) >= 0;
    }

    private static boolean isHeader(String text, int at) {
        return "-:,.()".indexOf(text.charAt(at)) >= 0 && !text.startsWith(DASHES, at);
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
