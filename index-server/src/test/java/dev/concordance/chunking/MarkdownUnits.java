package dev.concordance.chunking;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What of a Markdown source belongs together in the eyes of whoever reads it: fenced code, rows of tables, sentences of plain
 * paragraphs. Found line by line as CommonMark and its tables (GFM) say, without anything of the parser or the chunker, and only
 * where there is no doubt.
 */
final class MarkdownUnits {
    private static final Pattern CELL = Pattern.compile("\\s*:?-+:?\\s*");
    private static final Pattern PIPE = Pattern.compile("(?<!\\\\)\\|");
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\"'(“].*");

    private final List<MarkdownLine> lines;
    private final List<Piece> units = new ArrayList<>();
    private final List<MarkdownLine> paragraph = new ArrayList<>();
    private boolean endsInParagraph;

    private MarkdownUnits(List<MarkdownLine> lines) {
        this.lines = lines;
    }

    /** Without white space around them, in order. */
    static List<Piece> of(String source) {
        return in(behindFrontMatter(lines(source))).units;
    }

    private static MarkdownUnits in(List<MarkdownLine> lines) {
        var found = new MarkdownUnits(lines);
        found.find();
        return found;
    }

    private void find() {
        for (var i = 0; i < lines.size(); ) {
            i = next(i);
        }
        endsInParagraph |= !paragraph.isEmpty();
        endParagraph();
    }

    private int next(int i) {
        var line = lines.get(i);
        if (line.isBlank()) {
            endParagraph();
            return i + 1;
        }
        if (!paragraph.isEmpty() && line.isUnderline()) {
            paragraph.clear();
            return i + 1;
        }
        if (begins(line)) {
            endParagraph();
            return block(i);
        }
        if (isTable(i)) {
            return table(i);
        }
        if (!paragraph.isEmpty() || !line.isIndented()) {
            paragraph.add(line);
        }
        return i + 1;
    }

    private boolean begins(MarkdownLine line) {
        if (paragraph.isEmpty()) {
            return line.opens() || line.isTag();
        }
        return line.opens() && (line.isWhole() || !line.isItem() || line.isFirstItem());
    }

    private int block(int i) {
        var line = lines.get(i);
        var fence = line.fence();
        if (fence.isPresent()) {
            return fence(i, fence.get());
        }
        if (line.isWhole()) {
            return i + 1;
        }
        if (line.isQuote()) {
            return quote(i);
        }
        return line.isItem() ? item(i) : html(i, line.html().orElse(MarkdownLine.BLANK));
    }

    private int fence(int first, String marks) {
        for (var i = first + 1; i < lines.size(); i++) {
            if (lines.get(i).closes(marks)) {
                add(lines.get(first).start(), lines.get(i).end());
                return i + 1;
            }
        }
        return lines.size();
    }

    private int html(int first, Pattern end) {
        var i = first;
        while (i < lines.size() && !end.matcher(lines.get(i).text()).find()) {
            i++;
        }
        return i + 1;
    }

    private int quote(int first) {
        var content = new ArrayList<MarkdownLine>();
        var i = first;
        for (; i < lines.size(); i++) {
            var line = lines.get(i);
            if (line.isQuote()) {
                content.add(line.unquoted());
            } else if (goesOn(content, line)) {
                content.add(line);
            } else {
                break;
            }
        }
        return contained(content, i);
    }

    private int item(int first) {
        var width = lines.get(first).widthOfItem();
        var content = new ArrayList<MarkdownLine>();
        content.add(lines.get(first).item());
        var i = first + 1;
        for (; i < lines.size(); i++) {
            var line = lines.get(i);
            if (line.isBlank() ? i > first + 1 || !content.getFirst().isBlank() : line.indent() >= width) {
                content.add(line.behind(width));
            } else if (goesOn(content, line)) {
                content.add(line);
            } else {
                break;
            }
        }
        return contained(content, i);
    }

    private int contained(List<MarkdownLine> content, int next) {
        var contained = in(content);
        units.addAll(contained.units);
        endsInParagraph = next == lines.size() && contained.endsInParagraph;
        return next;
    }

    /** A paragraph in a container goes on without the marks of the container. */
    private static boolean goesOn(List<MarkdownLine> content, MarkdownLine line) {
        return !line.isBlank() && !line.opens() && in(content).endsInParagraph;
    }

    private boolean isTable(int first) {
        if (first + 1 == lines.size()
                || lines.get(first).isIndented()
                || lines.get(first + 1).isIndented()) {
            return false;
        }
        var header = cells(lines.get(first));
        var delimiters = cells(lines.get(first + 1));
        return lines.get(first).text().contains("|")
                && lines.get(first + 1).text().contains("|")
                && header.size() == delimiters.size()
                && delimiters.stream().allMatch(CELL.asMatchPredicate());
    }

    private static List<String> cells(MarkdownLine line) {
        var row = line.words();
        var from = row.startsWith("|") ? 1 : 0;
        var to = row.endsWith("|") && !row.endsWith("\\|") && row.length() > from ? row.length() - 1 : row.length();
        return List.of(PIPE.split(row.substring(from, to), -1));
    }

    /** The row of dashes is markup. Whether the last line of a paragraph is the header of one, parsers disagree on. */
    private int table(int first) {
        var isPlain = paragraph.isEmpty();
        paragraph.clear();
        var i = first;
        for (; i < lines.size() && !lines.get(i).isBlank() && !lines.get(i).opens(); i++) {
            var line = lines.get(i);
            if (isPlain && i != first + 1 && !line.isIndented()) {
                add(line.start(), line.end());
            }
        }
        return i;
    }

    private void endParagraph() {
        if (!paragraph.isEmpty()
                && paragraph.stream()
                        .allMatch(line -> PLAIN.matcher(line.words()).matches())) {
            sentences();
        }
        paragraph.clear();
    }

    /** Unicode Standard Annex 29; the end of a line is a space, and so are the marks of a container. */
    private void sentences() {
        var from = paragraph.getFirst().start();
        var text = new StringBuilder();
        for (var line : paragraph) {
            text.repeat(' ', line.start() - from - text.length()).append(line.text());
        }
        var sentences = BreakIterator.getSentenceInstance(Locale.ROOT);
        sentences.setText(text.toString());
        var start = sentences.first();
        for (var end = sentences.next(); end != BreakIterator.DONE; end = sentences.next()) {
            add(from + start, from + end);
            start = end;
        }
    }

    private void add(int start, int end) {
        units.add(new Piece(start, end, List.of()).stripped(lines.getFirst().source()));
    }

    private static List<MarkdownLine> behindFrontMatter(List<MarkdownLine> lines) {
        if (!lines.isEmpty() && lines.getFirst().text().stripTrailing().equals("---")) {
            for (var i = 1; i < lines.size(); i++) {
                if (lines.get(i).text().stripTrailing().equals("---")) {
                    return lines.subList(i + 1, lines.size());
                }
            }
        }
        return lines;
    }

    private static List<MarkdownLine> lines(String source) {
        var lines = new ArrayList<MarkdownLine>();
        for (var from = 0; from < source.length(); ) {
            var newline = source.indexOf('\n', from);
            var to = newline < 0 ? source.length() : newline;
            lines.add(new MarkdownLine(source, from, to > from && source.charAt(to - 1) == '\r' ? to - 1 : to));
            from = to + 1;
        }
        return lines;
    }
}
