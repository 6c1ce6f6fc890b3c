package dev.concordance.parse.office;

import dev.concordance.parse.DocumentText;
import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
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
            "automatic-styles",
            "font-face-decls",
            "scripts",
            "desc");

    private static final int MOST_SPACES = 100;

    private final DocumentText document;
    private final Flow flow;
    private final Deque<Integer> levels = new ArrayDeque<>();
    private final StringBuilder title = new StringBuilder();
    private boolean inTitle;

    private OpenDocumentReader(DocumentText document) {
        this.document = document;
        this.flow = new Flow(document);
    }

    static void read(Archive archive, DocumentText document) throws UnreadableDocument, IOException {
        if (isEncrypted(archive)) {
            throw OfficeFormats.encrypted();
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
            case "h", "p" -> {
                levels.addLast(name.equals("h") ? Math.max(1, element.number("outline-level", 1)) : 0);
                inTitle = element.attribute("style-name").equals("Title");
                flow.beginParagraph();
            }
            case "table-row" -> flow.beginRow();
            case "s" -> put(" ".repeat(Math.clamp(element.number("c", 1), 0, MOST_SPACES)));
            case "tab" -> put("\t");
            case "line-break" -> put("\n");
            default -> {}
        }
    }

    @Override
    public void text(String characters) {
        put(characters.replace('\n', ' '));
    }

    private void put(String characters) {
        flow.text(characters);
        title.append(inTitle ? characters : "");
    }

    @Override
    public void end(String name) throws UnreadableDocument {
        switch (name) {
            case "h", "p" -> {
                inTitle = false;
                document.title(title.toString());
                flow.endParagraph(levels.isEmpty() ? 0 : levels.removeLast());
            }
            case "table-cell" -> flow.endCell();
            case "table-row" -> flow.endRow();
            default -> {}
        }
    }
}
