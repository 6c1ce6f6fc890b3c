package dev.concordance.parse.office;

import dev.concordance.parse.DocumentText;
import dev.concordance.parse.UnreadableDocument;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Makes blocks of paragraphs, which may stand within each other (text boxes, notes), and of the rows of tables. */
final class Flow {
    private final DocumentText document;
    private final Deque<StringBuilder> open = new ArrayDeque<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> cells = new ArrayList<>();
    private final StringBuilder cell = new StringBuilder();
    private int rows;

    Flow(DocumentText document) {
        this.document = document;
    }

    /** A row as it is read: its cells with borders between them, those at the end only as far as they say something. */
    static String row(List<String> cells) {
        var last = cells.size();
        while (last > 0 && cells.get(last - 1).isBlank()) {
            last--;
        }
        return String.join(" | ", cells.subList(0, last));
    }

    void beginParagraph() {
        open.addLast(new StringBuilder());
    }

    /** Characters of the present paragraph; those between paragraphs are none of the document's. */
    void text(String characters) {
        if (!open.isEmpty()) {
            open.getLast().append(characters);
        }
    }

    /** A note that belongs to the present paragraph and is read after it. */
    void note(String words) {
        notes.add(words);
    }

    /** @param level of the heading that the paragraph is; 0: it is none. A cell has no headings */
    void endParagraph(int level) throws UnreadableDocument {
        if (open.isEmpty()) {
            return;
        }
        var words = open.removeLast().toString().strip();
        if (rows > 0) {
            cell.append(cell.isEmpty() ? "" : " ").append(words);
        } else if (level > 0) {
            document.title(words);
            document.heading(level, words);
        } else {
            document.paragraph(words);
        }
        if (open.isEmpty() && rows == 0) {
            tellNotes();
        }
    }

    /** The present paragraph ends, and nothing of it is the document's. */
    void dropParagraph() {
        open.pollLast();
    }

    void beginRow() {
        if (rows++ == 0) {
            cells.clear();
            cell.setLength(0);
        }
    }

    /** A table within a cell is part of that cell. */
    void endCell() {
        if (rows == 1) {
            cells.add(cell.toString());
            cell.setLength(0);
        }
    }

    void endRow() throws UnreadableDocument {
        if (rows > 0 && --rows == 0) {
            document.whole(row(cells));
            tellNotes();
        }
    }

    private void tellNotes() throws UnreadableDocument {
        for (var note : notes) {
            document.paragraph(note);
        }
        notes.clear();
    }
}
