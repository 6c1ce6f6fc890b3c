package dev.concordance.parse.office;

import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** The words that the cells of a workbook share, in the order in which cells count them. */
final class SharedStrings implements Xml.Visitor {
    private final List<String> strings;
    private final StringBuilder words = new StringBuilder();
    private boolean inText;

    private SharedStrings(List<String> strings) {
        this.strings = strings;
    }

    /** Phonetic guides ({@code rPh}) repeat what they stand above. */
    static void read(InputStream in, List<String> strings) throws UnreadableDocument, IOException {
        Xml.walk(in, "rPh"::equals, new SharedStrings(strings));
    }

    @Override
    public void start(String name, Xml element) {
        inText = name.equals("t");
    }

    @Override
    public void text(String characters) {
        if (inText) {
            words.append(characters);
        }
    }

    @Override
    public void end(String name) {
        inText = false;
        if (name.equals("si")) {
            strings.add(words.toString());
            words.setLength(0);
        }
    }
}
