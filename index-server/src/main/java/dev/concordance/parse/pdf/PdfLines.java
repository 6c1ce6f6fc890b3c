package dev.concordance.parse.pdf;

import dev.concordance.parse.DocumentText;
import dev.concordance.parse.UnreadableDocument;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The lines of a page, and where among them the entries of the outline belong that lead to it. */
final class PdfLines {
    /** A heading may begin with a number that its entry lacks. */
    private static final int LONGEST_NUMBER = 12;

    private final List<Line> lines = new ArrayList<>();
    private boolean opens = true;

    private record Line(String words, float fromTop, boolean opensParagraph) {
        boolean isTitle(String title) {
            var read = DocumentText.unmarked(words);
            return read.endsWith(title) && read.length() - title.length() <= LONGEST_NUMBER;
        }
    }

    /** @param fromTop how far the line stands below the page's upper edge, in points */
    void add(String words, float fromTop) {
        if (!words.isBlank()) {
            lines.add(new Line(words.strip().replaceAll("\\s+", " "), fromTop, opens));
            opens = false;
        }
    }

    void endParagraph() {
        opens = true;
    }

    /** Adds the page to the document. */
    void tell(List<PdfOutline.Entry> entries, DocumentText document) throws UnreadableDocument {
        var paragraph = new StringBuilder();
        var left = new ArrayDeque<>(entries);
        for (var i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            var here = takeAt(i, left);
            if (line.opensParagraph() || !here.isEmpty()) {
                document.paragraph(paragraph.toString());
                paragraph.setLength(0);
            }
            var heading = !here.isEmpty() && line.isTitle(here.getLast().title()) ? here.removeLast() : null;
            here.forEach(entry -> document.enter(entry.level(), entry.title()));
            if (heading != null) {
                document.heading(heading.level(), line.words());
            } else {
                paragraph.append(paragraph.isEmpty() ? "" : "\n").append(line.words());
            }
        }
        document.paragraph(paragraph.toString());
        left.forEach(entry -> document.enter(entry.level(), entry.title()));
    }

    /** The next entries, as many as lead to a line. */
    private List<PdfOutline.Entry> takeAt(int line, Deque<PdfOutline.Entry> left) {
        var here = new ArrayList<PdfOutline.Entry>();
        while (!left.isEmpty() && place(left.getFirst(), line) == line) {
            here.add(left.removeFirst());
        }
        return here;
    }

    /**
     * The line that an entry leads to: the one that says the same, of several the nearest to the place that the entry names,
     * else the first below that place.
     */
    private int place(PdfOutline.Entry entry, int from) {
        var found = -1;
        for (var i = from; i < lines.size(); i++) {
            if (lines.get(i).isTitle(entry.title()) && (found < 0 || distance(i, entry) < distance(found, entry))) {
                found = i;
            }
        }
        if (found >= 0) {
            return found;
        }
        for (var i = from; i < lines.size(); i++) {
            if (lines.get(i).fromTop() >= entry.fromTop()) {
                return i;
            }
        }
        return lines.size();
    }

    private float distance(int line, PdfOutline.Entry entry) {
        return Math.abs(lines.get(line).fromTop() - entry.fromTop());
    }
}
