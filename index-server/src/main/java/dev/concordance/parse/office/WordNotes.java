package dev.concordance.parse.office;

import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;

/** The words of footnotes and endnotes, by {@code footnote} or {@code endnote} and their id. */
final class WordNotes implements Xml.Visitor {
    private final Map<String, String> notes;
    private final StringBuilder words = new StringBuilder();
    private String id = "";
    private boolean inText;
    private boolean inRun;
    private boolean hidden;

    private WordNotes(Map<String, String> notes) {
        this.notes = notes;
    }

    static void read(InputStream in, Set<String> skipped, Map<String, String> notes)
            throws UnreadableDocument, IOException {
        Xml.walk(in, skipped::contains, new WordNotes(notes));
    }

    @Override
    public void start(String name, Xml element) {
        switch (name) {
            case "footnote", "endnote" -> {
                id = name + element.attribute("id");
                words.setLength(0);
            }
            case "r" -> {
                inRun = true;
                hidden = false;
            }
            case "vanish" -> hidden = inRun && element.isOn();
            case "t" -> inText = true;
            case "tab", "br" -> words.append(' ');
            default -> {}
        }
    }

    @Override
    public void text(String characters) {
        if (inText && !hidden) {
            words.append(characters);
        }
    }

    @Override
    public void end(String name) {
        switch (name) {
            case "footnote", "endnote" -> notes.put(id, words.toString().strip());
            case "p" -> words.append(' ');
            case "t" -> inText = false;
            case "r" -> inRun = false;
            default -> {}
        }
    }
}
