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
            "font-face-decls",
            "scripts",
            "desc");

    private static final String TITLE = "Title";
    private static final int MOST_SPACES = 100;
    /** In place of the level of a paragraph that a field in it hides. */
    private static final int HIDDEN = -1;

    private final Flow flow;
    private final OpenDocumentStyles styles;
    private final Deque<Integer> levels = new ArrayDeque<>();
    private final Deque<Boolean> hiding = new ArrayDeque<>();
    private final Map<String, String> parents = new HashMap<>();

    private OpenDocumentReader(DocumentText document, OpenDocumentStyles styles) {
        this.flow = new Flow(document);
        this.styles = styles;
    }

    static void read(Archive archive, DocumentText document) throws UnreadableDocument, IOException {
        if (isEncrypted(archive)) {
            throw UnreadableDocument.encrypted();
        }
        if (archive.has("meta.xml")) {
            Facts.read(archive.open("meta.xml"), document);
        }
        var styles = new OpenDocumentStyles();
        if (archive.has("styles.xml")) {
            styles.read(archive.open("styles.xml"));
        }
        Xml.walk(archive.open("content.xml"), SKIPPED::contains, new OpenDocumentReader(document, styles));
    }

    private static boolean isEncrypted(Archive archive) throws IOException {
        return archive.has("META-INF/manifest.xml")
                && archive.text("META-INF/manifest.xml").contains("encryption-data");
    }

    @Override
    public boolean skips(String name, Xml element) {
        if (!name.equals("section")) {
            return false;
        }
        var display = element.attribute("display");
        return display.equals("none") || display.equals("condition") && isHidden(element);
    }

    /** What its condition came to when the document was saved. */
    private static boolean isHidden(Xml element) {
        return element.attribute("is-hidden").equals("true");
    }

    @Override
    public void start(String name, Xml element) {
        styles.start(name, element);
        switch (name) {
            case "style" -> parents.put(element.attribute("name"), element.attribute("parent-style-name"));
            case "h", "p" -> {
                levels.addLast(level(name, element));
                hide("paragraph", element);
                flow.beginParagraph();
            }
            case "span", "a" -> hide("text", element);
            case "hidden-paragraph" -> hideParagraph(element);
            case "table-row" -> flow.beginRow();
            case "s" -> put(" ".repeat(Math.clamp(element.number("c", 1), 0, MOST_SPACES)));
            case "tab" -> put("\t");
            case "line-break" -> put("\n");
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

    private void hide(String family, Xml element) {
        hiding.addLast(styles.hides(family, element.attribute("style-name"), isHidden()));
    }

    private boolean isHidden() {
        return !hiding.isEmpty() && hiding.getLast();
    }

    /** A field that hides all of the paragraph that it stands in; its own words are never shown. */
    private void hideParagraph(Xml field) {
        hiding.addLast(true);
        if (isHidden(field) && !levels.isEmpty()) {
            levels.removeLast();
            levels.addLast(HIDDEN);
        }
    }

    @Override
    public void text(String characters) {
        put(characters.replace('\n', ' '));
    }

    private void put(String characters) {
        if (!isHidden()) {
            flow.text(characters);
        }
    }

    @Override
    public void end(String name) throws UnreadableDocument {
        styles.end(name);
        switch (name) {
            case "h", "p" -> {
                hiding.pollLast();
                endParagraph(levels.isEmpty() ? 0 : levels.removeLast());
            }
            case "span", "a", "hidden-paragraph" -> hiding.pollLast();
            case "table-cell" -> flow.endCell();
            case "table-row" -> flow.endRow();
            default -> {}
        }
    }

    private void endParagraph(int level) throws UnreadableDocument {
        if (level == HIDDEN) {
            flow.dropParagraph();
        } else {
            flow.endParagraph(level);
        }
    }
}
