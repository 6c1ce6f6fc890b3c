package dev.concordance.code;

/**
 * The lines of C's preprocessor. Of alternatives ({@code #if … #else … #endif}) only the first is read: they may each open a
 * brace that is closed once.
 */
final class Directives {
    private final String text;

    Directives(String text) {
        this.text = text;
    }

    /** Where the directive that begins at {@code at} ends; of the beginning of an alternative, that of all alternatives. */
    int end(int at) {
        var end = lineEnd(at);
        return isElse(at) ? endOfAlternatives(end) : end;
    }

    private int endOfAlternatives(int from) {
        var open = 1;
        var end = from;
        while (end < text.length()) {
            var line = end + 1;
            end = lineEnd(Math.min(line, text.length()));
            var word = word(line);
            if (word.startsWith("if")) {
                open++;
            } else if (word.equals("endif") && --open == 0) {
                return end;
            }
        }
        return end;
    }

    private boolean isElse(int at) {
        return word(at).startsWith("el");
    }

    /** The name of the directive that begins in this line; empty if none does. */
    private String word(int line) {
        var at = skipBlanks(line);
        if (!text.startsWith("#", at)) {
            return "";
        }
        var from = skipBlanks(at + 1);
        var to = from;
        while (to < text.length() && Character.isLetter(text.charAt(to))) {
            to++;
        }
        return text.substring(from, to);
    }

    private int skipBlanks(int from) {
        var at = from;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }

    /** The end of the line, or of the last one if it goes on after a backslash or in a comment. */
    private int lineEnd(int from) {
        var at = newline(from);
        for (var line = from; at < text.length(); at = newline(line)) {
            var comment = text.indexOf("/*", line, at);
            var close = comment < 0 ? -1 : text.indexOf("*/", comment + 2);
            var last = text.charAt(at - 1) == '\r' ? at - 2 : at - 1;
            if (close < at && (last < line || text.charAt(last) != '\\')) {
                return at;
            }
            line = Math.max(close + 2, at + 1);
        }
        return at;
    }

    private int newline(int from) {
        var at = text.indexOf('\n', from);
        return at < 0 ? text.length() : at;
    }
}
