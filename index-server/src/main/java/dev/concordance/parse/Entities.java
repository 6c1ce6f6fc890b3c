package dev.concordance.parse;

import org.jsoup.parser.Parser;

/** Character references of HTML. */
final class Entities {
    private static final int LONGEST = 40;

    private Entities() {}

    /** Where the reference that may begin at an ampersand ends; right after the ampersand if it is none. */
    static int end(String html, int ampersand) {
        var semicolon = html.indexOf(';', ampersand, Math.min(html.length(), ampersand + LONGEST));
        if (semicolon < 0) {
            return ampersand + 1;
        }
        var reference = html.substring(ampersand, semicolon + 1);
        return Parser.unescapeEntities(reference, false).contains(";") ? ampersand + 1 : semicolon + 1;
    }

    /** The characters that {@code html[from:to]} stands for; a reference can name half of one. */
    static String decode(String html, int from, int to) {
        return Words.wellFormed(Parser.unescapeEntities(html.substring(from, to), false));
    }
}
