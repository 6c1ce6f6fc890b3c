package dev.concordance.source.http;

import java.nio.charset.StandardCharsets;

/** Percent-encoding (RFC 3986, 2.1 and 6.2.2.2). */
final class Percent {
    private static final String UNRESERVED = "-._~";
    private static final String IN_PATHS = "!$&'()*+,;=:@/";
    private static final String IN_QUERIES = IN_PATHS + "?";
    private static final int HEXADECIMAL = 16;

    private Percent() {}

    /** As browsers take them: line breaks and tabs are nothing, and spaces around it neither (WHATWG, URL). */
    static String withoutBreaks(String url) {
        var kept = new StringBuilder(url.length());
        url.strip().chars().filter(c -> c != '\n' && c != '\r' && c != '\t').forEach(c -> kept.append((char) c));
        return kept.toString();
    }

    /** Everything encoded that has to be, and nothing else. */
    static String normalized(String text, boolean isQuery) {
        var allowed = isQuery ? IN_QUERIES : IN_PATHS;
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        var result = new StringBuilder(text.length());
        for (var i = 0; i < bytes.length; i++) {
            var c = bytes[i] & 0xFF;
            if (c == '%' && isEncoding(bytes, i)) {
                var meant = digit(bytes[i + 1]) * HEXADECIMAL + digit(bytes[i + 2]);
                append(result, meant, isUnreserved(meant));
                i += 2;
            } else {
                append(result, c, isUnreserved(c) || allowed.indexOf(c) >= 0);
            }
        }
        return result.toString();
    }

    private static boolean isEncoding(byte[] bytes, int percent) {
        return percent + 2 < bytes.length && digit(bytes[percent + 1]) >= 0 && digit(bytes[percent + 2]) >= 0;
    }

    private static int digit(byte c) {
        return Character.digit((char) c, HEXADECIMAL);
    }

    private static boolean isUnreserved(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || UNRESERVED.indexOf(c) >= 0;
    }

    private static void append(StringBuilder result, int c, boolean asItIs) {
        if (asItIs) {
            result.append((char) c);
        } else {
            result.append('%')
                    .append(Character.toUpperCase(Character.forDigit(c / HEXADECIMAL, HEXADECIMAL)))
                    .append(Character.toUpperCase(Character.forDigit(c % HEXADECIMAL, HEXADECIMAL)));
        }
    }
}
