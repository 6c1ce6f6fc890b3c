package dev.concordance.parse;

import java.util.Map;

/**
 * The YAML between two lines of {@code ---} at the top of a Markdown file.
 *
 * @param end where the document's own text begins
 */
record FrontMatter(Map<String, Object> values, int end) {
    private static final String FENCE = "---";
    private static final int LARGEST = 64 * 1024;

    /** What stands at the top of the text; without values where that is no front matter. */
    static FrontMatter of(String text) {
        var none = new FrontMatter(Map.of(), 0);
        var firstLine = endOfLine(text, 0);
        if (!text.substring(0, firstLine).strip().equals(FENCE)) {
            return none;
        }
        for (var line = firstLine; line < text.length() && line < LARGEST; ) {
            var end = endOfLine(text, line);
            var words = text.substring(line, end).strip();
            if (words.equals(FENCE) || words.equals("...")) {
                return new FrontMatter(parse(text.substring(firstLine, line)), end);
            }
            line = end;
        }
        return none;
    }

    /** Front matter that isn't YAML, or too much of it, is no reason to lose the document: it has no metadata then. */
    private static Map<String, Object> parse(String yaml) {
        return Yaml.read(yaml, LARGEST).orElse(null) instanceof Map<?, ?> map
                ? Metadata.tree(map).orElse(Map.of())
                : Map.of();
    }

    private static int endOfLine(String text, int from) {
        var newline = text.indexOf('\n', from);
        return newline < 0 ? text.length() : newline + 1;
    }
}
