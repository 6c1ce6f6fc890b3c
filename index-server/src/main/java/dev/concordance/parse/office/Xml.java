package dev.concordance.parse.office;

import dev.concordance.manifest.QuarantineReason;
import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Predicate;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Walks through XML as a stream. Names are local ones: documents of one format use several namespaces for the same elements.
 * There are no document types, so neither entities that expand nor ones that are fetched.
 */
final class Xml {
    private static final int DEEPEST = 1_000;
    private static final XMLInputFactory FACTORY = factory();

    private final XMLStreamReader reader;
    private int depth;

    /** What an element is to a reader of the format. */
    interface Visitor {
        /** Whether an element is passed over with all that is in it, by what it says of itself. */
        default boolean skips(String name, Xml element) {
            return false;
        }

        /** An element begins. */
        void start(String name, Xml element) throws UnreadableDocument, IOException;

        /** An element ends that wasn't skipped. */
        void end(String name) throws UnreadableDocument, IOException;

        /** Characters, perhaps not all that follow each other. */
        default void text(String characters) {}
    }

    private Xml(XMLStreamReader reader) {
        this.reader = reader;
    }

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        // Nesting is refused here, before the platform's parser does, which would call it broken.
        factory.setProperty("jdk.xml.maxElementDepth", String.valueOf(2 * DEEPEST));
        factory.setXMLResolver((publicId, systemId, base, namespace) -> InputStream.nullInputStream());
        return factory;
    }

    /** Local name of the outermost element. */
    static String root(InputStream in) throws IOException {
        try (in) {
            var reader = FACTORY.createXMLStreamReader(in);
            while (reader.next() != XMLStreamConstants.START_ELEMENT) {
                if (reader.getEventType() == XMLStreamConstants.DTD) {
                    throw new IOException("no such file has a document type");
                }
            }
            return reader.getLocalName();
        } catch (XMLStreamException e) {
            throw new IOException("no XML", e);
        }
    }

    /** @param skipped names of elements that are passed over with all that is in them */
    static void walk(InputStream in, Predicate<String> skipped, Visitor visitor)
            throws UnreadableDocument, IOException {
        try (in) {
            var xml = new Xml(FACTORY.createXMLStreamReader(in));
            while (xml.reader.hasNext()) {
                xml.visit(xml.reader.next(), skipped, visitor);
            }
        } catch (XMLStreamException e) {
            throw new IOException("no XML", e);
        }
    }

    private void visit(int event, Predicate<String> skipped, Visitor visitor)
            throws UnreadableDocument, IOException, XMLStreamException {
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> {
                enter();
                var name = reader.getLocalName();
                if (skipped.test(name) || visitor.skips(name, this)) {
                    skip();
                } else {
                    visitor.start(name, this);
                }
            }
            case XMLStreamConstants.END_ELEMENT -> {
                depth--;
                visitor.end(reader.getLocalName());
            }
            case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                visitor.text(reader.getText());
            case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                throw new IOException("no such file has a document type");
            default -> {}
        }
    }

    private void enter() throws UnreadableDocument {
        if (++depth > DEEPEST) {
            throw new UnreadableDocument(
                    QuarantineReason.TooDeeplyNested,
                    "its parts are nested more than %d deep: simplify or exclude the document".formatted(DEEPEST));
        }
    }

    private void skip() throws UnreadableDocument, XMLStreamException {
        for (var outside = depth - 1; depth > outside; ) {
            var event = reader.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                enter();
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            }
        }
    }

    /** Value of the present element's attribute of this local name, of whatever namespace; empty if there is none. */
    String attribute(String name) {
        for (var i = 0; i < reader.getAttributeCount(); i++) {
            if (reader.getAttributeLocalName(i).equals(name)) {
                return reader.getAttributeValue(i);
            }
        }
        return "";
    }

    /** The id of a relationship to another part, which others call {@code r:id}. */
    String relationship() {
        for (var i = 0; i < reader.getAttributeCount(); i++) {
            var namespace = reader.getAttributeNamespace(i);
            if (reader.getAttributeLocalName(i).equals("id")
                    && namespace != null
                    && namespace.endsWith("/relationships")) {
                return reader.getAttributeValue(i);
            }
        }
        return "";
    }

    /** Whether a switch such as {@code w:vanish} is on: it is, unless it says otherwise. */
    boolean isOn() {
        return !isFalse(attribute("val"));
    }

    /** Whether a value says no, as all of these formats write it. */
    static boolean isFalse(String value) {
        return value.equals("0") || value.equals("false") || value.equals("off");
    }

    /** Value of an attribute as a number; {@code otherwise} if it is none. */
    int number(String name, int otherwise) {
        try {
            return Integer.parseInt(attribute(name));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
