package dev.concordance.parse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Comma-separated values (RFC 4180), with semicolons or tabs too: each record is kept whole, however many lines it has. A first
 * record that names columns is the heading of all others, so that each of them is read below it.
 */
final class CsvParser {
    private static final String SEPARATORS = ",;\t|";
    private static final int DECIDED_WITHIN = 10_000;

    private final String text;
    private final char separator;
    private int at;
    private boolean quotesEnd = true;

    private record Row(int start, int end, List<String> cells) {}

    private CsvParser(String text, char separator) {
        this.text = text;
        this.separator = separator;
    }

    static ParsedDocument parse(String text, String title) throws UnreadableDocument {
        var parser = new CsvParser(text, separator(text));
        var source = new SourceText(new Lines(text));
        var first = parser.row();
        var second = parser.row();
        if (namesColumns(first.cells()) && second.start() < second.end()) {
            source.heading(1, String.join(" | ", first.cells()), new Origin.Range(first.start(), first.end()));
        } else {
            source.range(Block.Kind.WHOLE, first.start(), first.end());
        }
        for (var row = second; row.start() < text.length(); row = parser.row()) {
            source.range(Block.Kind.WHOLE, row.start(), row.end());
        }
        return source.document(text, title, Map.of());
    }

    /** Of the first line that which occurs most outside of quotes. */
    private static char separator(String text) {
        var counts = new int[SEPARATORS.length()];
        var quoted = false;
        for (var i = 0; i < Math.min(text.length(), DECIDED_WITHIN); i++) {
            var c = text.charAt(i);
            quoted ^= c == '"';
            var which = SEPARATORS.indexOf(c);
            if (which >= 0 && !quoted) {
                counts[which]++;
            }
            if (c == '\n' && !quoted && i > 0) {
                break;
            }
        }
        var most = 0;
        for (var i = 1; i < counts.length; i++) {
            most = counts[i] > counts[most] ? i : most;
        }
        return SEPARATORS.charAt(most);
    }

    private static boolean namesColumns(List<String> cells) {
        return cells.size() > 1
                && cells.stream()
                        .noneMatch(cell -> cell.isBlank() || cell.strip().matches("[-+\\d.,%€$ ]+"))
                && new HashSet<>(cells).size() == cells.size();
    }

    /** The next record that isn't an empty line; an empty one at the end of the text. */
    private Row row() {
        while (at < text.length() && (text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
            at++;
        }
        var start = at;
        var cells = new ArrayList<String>();
        var more = at < text.length();
        while (more) {
            cells.add(cell());
            more = at < text.length() && text.charAt(at) == separator;
            at += more ? 1 : 0;
        }
        var end = at;
        while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return new Row(start, end, cells);
    }

    /** Reads up to the separator or the end of the line. */
    private String cell() {
        if (at < text.length() && text.charAt(at) == '"' && quotesEnd) {
            var end = endOfQuotes(at + 1);
            if (end >= 0) {
                var quoted = text.substring(at + 1, end).replace("\"\"", "\"");
                at = end + 1;
                return quoted + unquoted();
            }
            // One that never ends is a character like others, and so are all after it.
            quotesEnd = false;
        }
        return unquoted();
    }

    private String unquoted() {
        var start = at;
        while (at < text.length() && text.charAt(at) != separator && text.charAt(at) != '\n') {
            at++;
        }
        return text.substring(start, at).strip();
    }

    private int endOfQuotes(int from) {
        var quote = text.indexOf('"', from);
        while (quote >= 0 && quote + 1 < text.length() && text.charAt(quote + 1) == '"') {
            quote = text.indexOf('"', quote + 2);
        }
        return quote;
    }
}
