package dev.concordance.parse;

import dev.concordance.manifest.QuarantineReason;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.jsoup.parser.StreamParser;

/**
 * Parses HTML as browsers do, who open again in each paragraph what was left open in the one before, so that a page can have many
 * more elements than tags. It stops where they become too many.
 */
final class HtmlTree {
    private static final int MOST_ELEMENTS = 250_000;

    private HtmlTree() {}

    static Document of(String html) throws UnreadableDocument {
        try (var stream = new StreamParser(Parser.htmlParser().setTrackPosition(true))) {
            stream.parse(html, "");
            var elements = stream.iterator();
            for (var count = 0; elements.hasNext(); elements.next()) {
                if (++count > MOST_ELEMENTS) {
                    throw new UnreadableDocument(
                            QuarantineReason.TooLarge,
                            "it has more than the %d elements that are read, with those that browsers add: divide or exclude it"
                                    .formatted(MOST_ELEMENTS));
                }
            }
            return stream.document();
        }
    }
}
