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
 * WordprocessingML (ECMA-376, part 1, chapter 17): paragraphs, headings by their styles, rows, text boxes and notes. What was
 * deleted under revision control, is hidden, repeats on each page or is a comment isn't read.
 */
final class WordReader implements Xml.Visitor {
    /** {@code Fallback} repeats, for older programs, what its alternative says. */
    private static final Set<String> SKIPPED = Set.of(
            "del", "moveFrom", "delText", "instrText", "delInstrText", "Fallback", "pPrChange", "rPrChange", "sectPr");

    private final DocumentText document;
    private final Flow flow;
    private final WordStyles styles;
    private final Map<String, String> notes;
    private final Deque<Paragraph> paragraphs = new ArrayDeque<>();
    private boolean inRun;
    private boolean hidden;
    private boolean inText;

    private static final class Paragraph {
        private int level;
        private boolean title;
        private final StringBuilder words = new StringBuilder();
    }

    private WordReader(DocumentText document, WordStyles styles, Map<String, String> notes) {
        this.document = document;
        this.flow = new Flow(document);
        this.styles = styles;
        this.notes = notes;
    }

    static void read(Archive archive, String main, DocumentText document) throws UnreadableDocument, IOException {
        var parts = new OfficeParts(archive);
        parts.facts(document);
        var styles = WordStyles.none();
        for (var part : parts.ofType(main, "styles")) {
            styles = WordStyles.read(archive.open(part));
        }
        var notes = new HashMap<String, String>();
        for (var type : new String[] {"footnotes", "endnotes"}) {
            for (var part : parts.ofType(main, type)) {
                WordNotes.read(archive.open(part), SKIPPED, notes);
            }
        }
        Xml.walk(archive.open(main), SKIPPED::contains, new WordReader(document, styles, notes));
    }

    @Override
    public void start(String name, Xml element) {
        switch (name) {
            case "p" -> {
                paragraphs.addLast(new Paragraph());
                flow.beginParagraph();
            }
            case "tr" -> flow.beginRow();
            case "r" -> {
                inRun = true;
                hidden = false;
            }
            case "vanish" -> hidden = inRun && element.isOn();
            case "t" -> inText = true;
            case "pStyle" -> style(element.attribute("val"));
            case "outlineLvl" -> outline(WordStyles.level(element.number("val", -1)));
            case "tab" -> put(inRun ? "\t" : "");
            case "br", "cr" -> put("\n");
            case "noBreakHyphen" -> put("-");
            case "footnoteReference" -> note("footnote" + element.attribute("id"));
            case "endnoteReference" -> note("endnote" + element.attribute("id"));
            default -> {}
        }
    }

    @Override
    public void text(String characters) {
        if (inText) {
            put(characters);
        }
    }

    @Override
    public void end(String name) throws UnreadableDocument {
        switch (name) {
            case "p" -> endParagraph();
            case "tc" -> flow.endCell();
            case "tr" -> flow.endRow();
            case "r" -> {
                inRun = false;
                hidden = false;
            }
            case "t" -> inText = false;
            default -> {}
        }
    }

    private void style(String id) {
        if (!paragraphs.isEmpty()) {
            paragraphs.getLast().level = styles.level(id);
            paragraphs.getLast().title = styles.isTitle(id);
        }
    }

    private void outline(int level) {
        if (!paragraphs.isEmpty()) {
            paragraphs.getLast().level = level;
        }
    }

    private void put(String characters) {
        if (!hidden && !paragraphs.isEmpty()) {
            flow.text(characters);
            paragraphs.getLast().words.append(paragraphs.getLast().title ? characters : "");
        }
    }

    private void note(String id) {
        var words = notes.get(id);
        if (words != null && !hidden) {
            flow.note(words);
        }
    }

    private void endParagraph() throws UnreadableDocument {
        if (paragraphs.isEmpty()) {
            return;
        }
        var paragraph = paragraphs.removeLast();
        document.title(paragraph.words.toString());
        flow.endParagraph(paragraph.level);
    }
}
