package dev.concordance.parse.office;

import dev.concordance.parse.DocumentText;
import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** What documents say of themselves in elements of Dublin Core and their like. */
final class Facts implements Xml.Visitor {
    private static final Map<String, String> NAMES = Map.of(
            "creator", "author",
            "initial-creator", "author",
            "subject", "subject",
            "keywords", "keywords",
            "keyword", "keywords",
            "language", "language",
            "created", "created",
            "creation-date", "created",
            "modified", "modified");

    private final DocumentText document;
    private final StringBuilder value = new StringBuilder();

    private Facts(DocumentText document) {
        this.document = document;
    }

    static void read(InputStream in, DocumentText document) throws UnreadableDocument, IOException {
        Xml.walk(in, name -> false, new Facts(document));
    }

    @Override
    public void start(String name, Xml element) {
        value.setLength(0);
    }

    @Override
    public void text(String characters) {
        value.append(characters);
    }

    @Override
    public void end(String name) {
        var fact = NAMES.get(name);
        if (name.equals("title")) {
            document.title(value.toString());
        } else if (fact != null) {
            document.fact(fact, value.toString());
        }
        value.setLength(0);
    }
}
