package dev.concordance.parse.office;

import dev.concordance.parse.DocumentText;
import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * OpenDocument text (OASIS, ODF 1.3, part 3): paragraphs, headings by their outline level, rows, text boxes and notes. What was
 * deleted under revision control, is hidden or is a comment isn't read.
 */
final class OpenDocumentReader implements Xml.Visitor {
    private static final Set<String> SKIPPED = Set.of(
            "tracked-changes",
            "annotation",
            "forms",
            "sequence-decls",
            "note-citation",
            "hidden-text",
            "hidden-paragraph",
            "font-face-decls",
            "scripts",
            "desc");

    private static final String TITLE = "Title";
    private static final int MOST_SPACES = 100;

    private final Flow flow;
    private final Deque<Integer> levels = new ArrayDeque<>();
    private final Map<String, String> parents = new HashMap<>();

    private OpenDocumentReader(DocumentText document) {
        this.flow = new Flow(document);
    }

    static void read(Archive archive, DocumentText document) throws UnreadableDocument, IOException {
        if (isEncrypted(archive)) {
            throw UnreadableDocument.encrypted();
        }
        if (archive.has("meta.xml")) {
            Facts.read(archive.open("meta.xml"), document);
        }
        Xml.walk(archive.open("content.xml"), SKIPPED::contains, new OpenDocumentReader(document));
    }

    private static boolean isEncrypted(Archive archive) throws IOException {
        return archive.has("META-INF/manifest.xml")
                && archive.text("META-INF/manifest.xml").contains("encryption-data");
    }

    @Override
    public void start(String name, Xml element) {
        switch (name) {
            case "style" -> parents.put(element.attribute("name"), element.attribute("parent-style-name"));
            case "h", "p" -> {
                levels.addLast(level(name, element));
                flow.beginParagraph();
            }
            case "table-row" -> flow.beginRow();
            case "s" -> flow.text(" ".repeat(Math.clamp(element.number("c", 1), 0, MOST_SPACES)));
            case "tab" -> flow.text("\t");
            case "line-break" -> flow.text("\n");
            default -> {}
        }
    }

    /** Where a paragraph was formatted by hand, its style is one without a name, based on the one that was meant. */
    private int level(String name, Xml element) {
        if (name.equals("h")) {
            return Math.max(1, element.number("outline-level", 1));
        }
        var style = element.attribute("style-name");
        return style.equals(TITLE) || parents.getOrDefault(style, "").equals(TITLE) ? 1 : 0;
    }

    @Override
    public void text(String characters) {
        flow.text(characters.replace('\n', ' '));
    }

    @Override
    public void end(String name) throws UnreadableDocument {
        switch (name) {
            case "h", "p" -> flow.endParagraph(levels.isEmpty() ? 0 : levels.removeLast());
            case "table-cell" -> flow.endCell();
            case "table-row" -> flow.endRow();
            default -> {}
        }
    }
}
