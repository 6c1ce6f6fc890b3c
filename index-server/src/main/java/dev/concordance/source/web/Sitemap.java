package dev.concordance.source.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * A file by the sitemaps protocol 0.9 (sitemaps.org), with its bounds: 50,000 places, 50 MiB uncompressed. A document type is
 * refused, and with it all entities.
 *
 * @param isIndex whether the places are sitemaps in turn
 */
record Sitemap(boolean isIndex, List<Place> places) {
    static final int MOST_BYTES = 50 << 20;
    private static final int MOST_PLACES = 50_000;
    private static final int GZIP_1 = 0x1F;
    private static final int GZIP_2 = 0x8B;

    Sitemap {
        places = List.copyOf(places);
    }

    /**
     * What is listed.
     *
     * @param lastModified null: it isn't said to the second
     */
    record Place(String location, @Nullable Instant lastModified) {}

    /** Reads one, also compressed; the message of an exception says what is wrong with it. */
    static Sitemap read(byte[] bytes) throws IOException {
        var isCompressed = bytes.length > 2 && (bytes[0] & 0xFF) == GZIP_1 && (bytes[1] & 0xFF) == GZIP_2;
        try (var plain = new Bounded(
                isCompressed
                        ? new GZIPInputStream(new ByteArrayInputStream(bytes))
                        : new ByteArrayInputStream(bytes))) {
            return new Reader(plain).read();
        } catch (XMLStreamException e) {
            var cause = e.getNestedException();
            throw cause instanceof IOException io ? io : new IOException("it is no XML that ends as it should", e);
        }
    }

    private static final class Reader {
        private final XMLStreamReader xml;
        private final List<Place> places = new ArrayList<>();
        private @Nullable String location;
        private @Nullable Instant lastModified;

        Reader(InputStream in) throws XMLStreamException {
            var factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            factory.setProperty(XMLInputFactory.IS_COALESCING, true);
            xml = factory.createXMLStreamReader(in);
        }

        Sitemap read() throws XMLStreamException, IOException {
            var isIndex = isIndex();
            var depth = 1;
            while (xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT -> depth += start(depth);
                    case XMLStreamConstants.END_ELEMENT -> {
                        depth--;
                        if (depth == 1) {
                            end();
                        }
                    }
                    case XMLStreamConstants.ENTITY_REFERENCE -> throw new IOException("it has an entity of its own");
                    default -> {}
                }
            }
            return new Sitemap(isIndex, places);
        }

        private boolean isIndex() throws XMLStreamException, IOException {
            while (xml.hasNext()) {
                var event = xml.next();
                if (event == XMLStreamConstants.DTD) {
                    throw new IOException("it has a document type, which no sitemap has");
                }
                if (event == XMLStreamConstants.START_ELEMENT) {
                    return switch (xml.getLocalName()) {
                        case "urlset" -> false;
                        case "sitemapindex" -> true;
                        default ->
                            throw new IOException("it is no sitemap: its root is neither urlset nor sitemapindex");
                    };
                }
            }
            throw new IOException("it is empty");
        }

        /** Gives by how much the depth rises: the text of a leaf is read to its end. */
        private int start(int depth) throws XMLStreamException {
            var isOfPlace = depth == 2;
            if (isOfPlace && xml.getLocalName().equals("loc")) {
                location = xml.getElementText().strip();
                return 0;
            }
            if (isOfPlace && xml.getLocalName().equals("lastmod")) {
                lastModified = instant(xml.getElementText().strip());
                return 0;
            }
            return 1;
        }

        private void end() throws IOException {
            if (location != null) {
                if (places.size() == MOST_PLACES) {
                    throw new IOException("it lists more than %d addresses".formatted(MOST_PLACES));
                }
                places.add(new Place(location, lastModified));
            }
            location = null;
            lastModified = null;
        }

        /** A date alone could be of a change that came later on the same day. */
        private static @Nullable Instant instant(String lastmod) {
            try {
                return lastmod.indexOf('T') < 0
                        ? null
                        : OffsetDateTime.parse(lastmod).toInstant();
            } catch (DateTimeException e) {
                return null;
            }
        }
    }

    /** Ends with an exception what is longer than a sitemap may be. */
    private static final class Bounded extends java.io.FilterInputStream {
        private long left = MOST_BYTES;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            var one = in.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            var number = in.read(into, from, most);
            count(number);
            return number;
        }

        private void count(int number) throws IOException {
            left -= Math.max(0, number);
            if (left < 0) {
                throw new IOException("it has more than the %d bytes that a sitemap may have".formatted(MOST_BYTES));
            }
        }
    }
}
