package dev.concordance.privacy.secret;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.privacy.finding.Ascii;
import dev.concordance.privacy.finding.Detector;
import dev.concordance.privacy.finding.Finding;
import java.util.List;
import java.util.function.Consumer;

/** Private keys in PEM (RFC 7468) and of PGP, from their first line to their last; one without its last line to where it breaks off. */
public final class PrivateKeys implements Detector {
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final String END = "-----END ";
    private static final int HEADERS = 160;
    private static final int LONGEST_LABEL = 64;
    private static final int LONGEST_NAME = 40;
    /** Those of files, and those of strings in source code and JSON. */
    private static final List<String> LINE_BREAKS = List.of("\r\n", "\n", "\\r\\n", "\\n");

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

    /** Where what isn't base 64 begins, nor white space or escaped white space, nor headers that have lost their lines. */
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
        return end >= 0 && text.substring(label, end).contains("PRIVATE KEY")
                ? behindHeaders(text, end + DASHES.length())
                : -1;
    }

    /** Behind the lines that say of a key what its program or its user wants, in whatever characters (RFC 9580, section 6.2). */
    private static int behindHeaders(String text, int firstLineEnd) {
        var end = firstLineEnd;
        for (var line = nextLine(text, end); isNamed(text, line); line = nextLine(text, end)) {
            end = line;
            while (end < text.length() && lineBreak(text, end) == 0) {
                end++;
            }
        }
        return end;
    }

    /** Where the words of the next line begin, if one ends here; else the end of the text. */
    private static int nextLine(String text, int end) {
        var length = lineBreak(text, end);
        var line = length == 0 ? text.length() : end + length;
        while (line < text.length() && (text.charAt(line) == ' ' || text.charAt(line) == '\t')) {
            line++;
        }
        return line;
    }

    private static int lineBreak(String text, int at) {
        for (var lineBreak : LINE_BREAKS) {
            if (text.startsWith(lineBreak, at)) {
                return lineBreak.length();
            }
        }
        return 0;
    }

    private static boolean isNamed(String text, int line) {
        var colon = line;
        while (colon < Math.min(text.length(), line + LONGEST_NAME)
                && (Ascii.isAlphanumeric(text.charAt(colon)) || text.charAt(colon) == '-')) {
            colon++;
        }
        return colon > line && text.startsWith(": ", colon);
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
