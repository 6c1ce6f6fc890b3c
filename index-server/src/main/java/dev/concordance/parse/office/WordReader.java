package dev.concordance.parse.office;

import dev.concordance.parse.DocumentText;
import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
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

    private final Flow flow;
    private final WordStyles styles;
    private final Map<String, String> notes;
    private final Deque<Integer> levels = new ArrayDeque<>();
    private final Deque<Boolean> hiding = new ArrayDeque<>();
    private boolean inRun;
    private boolean hidden;
    private boolean inText;

    private WordReader(DocumentText document, WordStyles styles, Map<String, String> notes) {
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
        for (var type : List.of("footnotes", "endnotes")) {
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
                levels.addLast(0);
                hiding.addLast(false);
                flow.beginParagraph();
            }
            case "tr" -> flow.beginRow();
            case "r" -> {
                inRun = true;
                hidden = !hiding.isEmpty() && hiding.getLast();
            }
            case "vanish" -> hidden = inRun && element.isOn();
            case "rStyle" -> hidden = inRun && styles.hides(element.attribute("val"), hidden);
            case "t" -> inText = true;
            case "pStyle" -> style(element.attribute("val"));
            case "outlineLvl" -> level(WordStyles.level(element.number("val", -1)));
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
            case "p" -> {
                hiding.pollLast();
                flow.endParagraph(levels.isEmpty() ? 0 : levels.removeLast());
            }
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
        level(styles.level(id));
        if (!hiding.isEmpty()) {
            hiding.addLast(styles.hides(id, hiding.removeLast()));
        }
    }

    /** Of the innermost paragraph that is open. */
    private void level(int level) {
        if (!levels.isEmpty()) {
            levels.removeLast();
            levels.addLast(level);
        }
    }

    private void put(String characters) {
        if (!hidden) {
            flow.text(characters);
        }
    }

    private void note(String id) {
        var words = notes.get(id);
        if (words != null && !hidden) {
            flow.note(words);
        }
    }
}
