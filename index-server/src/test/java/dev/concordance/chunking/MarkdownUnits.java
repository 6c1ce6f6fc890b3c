package dev.concordance.chunking;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What of a Markdown source belongs together in the eyes of whoever reads it: fenced code, rows of tables, sentences of plain
 * paragraphs. Found line by line, without anything of the parser or the chunker, and only where there is no doubt.
 */
final class MarkdownUnits {
    private static final Pattern FENCE = Pattern.compile("(```+|~~~+)[^`]*");
    private static final Pattern DELIMITERS = Pattern.compile("\\|?[ :|-]*-[ :|-]*\\|[ :|-]*");
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\"'(“].*");

    private final String source;
    private final List<Piece> units = new ArrayList<>();

    private MarkdownUnits(String source) {
        this.source = source;
    }

    /** Without white space around them, in order. */
    static List<Piece> of(String source) {
        var units = new MarkdownUnits(source);
        units.find();
        return units.units;
    }

    private void find() {
        var lines = lines();
        for (var i = 0; i < lines.size(); ) {
            var fence = FENCE.matcher(words(lines.get(i)));
            var before = i == 0 || words(lines.get(i - 1)).isBlank();
            if (fence.matches()) {
                i = fence(lines, i, fence.group(1));
            } else if (before && isTable(lines, i)) {
                i = table(lines, i);
            } else if (before && PLAIN.matcher(words(lines.get(i))).matches()) {
                i = paragraph(lines, i);
            } else {
                i++;
            }
        }
    }

    private int fence(List<Piece> lines, int first, String marks) {
        for (var i = first + 1; i < lines.size(); i++) {
            var words = words(lines.get(i)).strip();
            if (words.startsWith(marks) && words.chars().allMatch(c -> c == marks.charAt(0))) {
                units.add(new Piece(lines.get(first).start(), lines.get(i).end(), List.of()).stripped(source));
                return i + 1;
            }
        }
        return lines.size();
    }

    private boolean isTable(List<Piece> lines, int first) {
        return first + 1 < lines.size()
                && words(lines.get(first)).startsWith("|")
                && DELIMITERS.matcher(words(lines.get(first + 1)).strip()).matches();
    }

    /** The row of dashes is markup. */
    private int table(List<Piece> lines, int first) {
        var i = first;
        for (; i < lines.size() && words(lines.get(i)).startsWith("|"); i++) {
            if (i != first + 1) {
                units.add(lines.get(i).stripped(source));
            }
        }
        return i;
    }

    private int paragraph(List<Piece> lines, int first) {
        var last = first;
        while (last + 1 < lines.size() && !words(lines.get(last + 1)).isBlank()) {
            last++;
        }
        for (var i = first; i <= last; i++) {
            if (!PLAIN.matcher(words(lines.get(i))).matches()) {
                return last + 1;
            }
        }
        sentences(lines.get(first).start(), lines.get(last).end());
        return last + 1;
    }

    /** Unicode Standard Annex 29; the end of a line is a space. */
    private void sentences(int from, int to) {
        var sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        sentences.setText(source.substring(from, to).replace('\n', ' ').replace('\r', ' '));
        var start = sentences.first();
        for (var end = sentences.next(); end != BreakIterator.DONE; end = sentences.next()) {
            units.add(new Piece(from + start, from + end, List.of()).stripped(source));
            start = end;
        }
    }

    private String words(Piece line) {
        return source.substring(line.start(), line.end());
    }

    private List<Piece> lines() {
        var lines = new ArrayList<Piece>();
        for (var from = 0; from < source.length(); ) {
            var newline = source.indexOf('\n', from);
            var to = newline < 0 ? source.length() : newline;
            lines.add(new Piece(from, to, List.of()));
            from = to + 1;
        }
        return lines;
    }
}
