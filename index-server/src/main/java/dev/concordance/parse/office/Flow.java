package dev.concordance.parse.office;

import dev.concordance.parse.DocumentText;
import dev.concordance.parse.UnreadableDocument;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Makes blocks of paragraphs, which may stand within each other (text boxes, notes), and of the rows of tables. */
final class Flow {
    private static final String CELL_BORDER = " | ";

    private final DocumentText document;
    private final Deque<StringBuilder> open = new ArrayDeque<>();
    private final List<String> notes = new ArrayList<>();
    private final StringBuilder row = new StringBuilder();
    private int rows;

    Flow(DocumentText document) {
        this.document = document;
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
        var words = open.removeLast().toString();
        if (rows > 0) {
            row.append(row.isEmpty() || row.charAt(row.length() - 1) == ' ' ? "" : " ")
                    .append(words.strip());
        } else if (level > 0) {
            document.heading(level, words);
        } else {
            document.paragraph(words);
        }
        if (open.isEmpty() && rows == 0) {
            tellNotes();
        }
    }

    void beginRow() {
        if (rows++ == 0) {
            row.setLength(0);
        }
    }

    void endCell() {
        if (rows == 1) {
            row.append(CELL_BORDER);
        } else if (rows > 1) {
            row.append(' ');
        }
    }

    /** A row of a table within a cell is part of that cell. */
    void endRow() throws UnreadableDocument {
        if (rows > 0 && --rows == 0) {
            var cells = row.toString().strip();
            while (cells.endsWith("|")) {
                cells = cells.substring(0, cells.length() - 1).strip();
            }
            document.whole(cells);
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
