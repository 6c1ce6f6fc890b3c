package dev.concordance.parse.office;

import dev.concordance.parse.DocumentText;
import dev.concordance.parse.Parser;
import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** EPUB (W3C, EPUB 3.3, and its predecessors): the pages of its spine, one after the other, as HTML is read. */
final class EpubReader implements Xml.Visitor {
    private static final String ENCRYPTION = "META-INF/encryption.xml";
    private static final String XHTML = "application/xhtml+xml";

    private final String main;
    private final Map<String, String> manifest = new HashMap<>();
    private final List<String> spine = new ArrayList<>();

    private EpubReader(String main) {
        this.main = main;
    }

    static void read(Archive archive, DocumentText document) throws UnreadableDocument, IOException {
        var mains = references(archive, "META-INF/container.xml", "rootfile", "full-path");
        if (mains.isEmpty()) {
            throw new IOException("it names no package");
        }
        var reader = new EpubReader(mains.getFirst());
        Facts.read(archive.open(reader.main), document);
        Xml.walk(archive.open(reader.main), name -> false, reader);
        var encrypted = archive.has(ENCRYPTION)
                ? new HashSet<>(references(archive, ENCRYPTION, "CipherReference", "URI"))
                : Set.<String>of();
        for (var id : reader.spine) {
            var page = reader.manifest.get(id);
            if (page != null && encrypted.contains(page)) {
                throw UnreadableDocument.encrypted();
            }
            if (page != null && archive.has(page)) {
                document.part(Parser.parse("page.xhtml", archive.bytes(page)));
            }
        }
    }

    /** The values of an attribute of all elements of a name. */
    private static List<String> references(Archive archive, String part, String element, String attribute)
            throws UnreadableDocument, IOException {
        var found = new ArrayList<String>();
        Xml.walk(archive.open(part), name -> false, new Xml.Visitor() {
            @Override
            public void start(String name, Xml xml) {
                if (name.equals(element)) {
                    found.add(URLDecoder.decode(xml.attribute(attribute), StandardCharsets.UTF_8));
                }
            }

            @Override
            public void end(String name) {}
        });
        return found;
    }

    @Override
    public void start(String name, Xml element) {
        if (name.equals("item") && element.attribute("media-type").equals(XHTML)) {
            var target = element.attribute("href").replace("+", "%2B");
            var decoded = URLDecoder.decode(target, StandardCharsets.UTF_8);
            manifest.put(element.attribute("id"), Archive.resolve(main, decoded));
        } else if (name.equals("itemref")) {
            spine.add(element.attribute("idref"));
        }
    }

    @Override
    public void end(String name) {}
}
