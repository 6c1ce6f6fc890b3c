package dev.concordance.parse;

import dev.concordance.manifest.QuarantineReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;

/** The text of a page: its {@code main}, if it has one, else its body, without navigation, scripts and forms. */
final class HtmlParser {
    private static final int DEEPEST = 256;
    private static final int LONGEST_META = 1000;
    private static final Set<String> UNSEEN = Set.of(
            "script",
            "style",
            "noscript",
            "template",
            "svg",
            "math",
            "iframe",
            "object",
            "embed",
            "canvas",
            "audio",
            "video",
            "nav",
            "footer",
            "aside",
            "form",
            "button",
            "select",
            "textarea",
            "input",
            "dialog",
            "head");
    private static final Set<String> WHOLE = Set.of("pre", "tr");
    private static final Set<String> CELLS = Set.of("td", "th", "br", "option");

    private final HtmlText words;
    private final Predicate<Element> isLeftOut;
    private final List<Origin.Range> hidden = new ArrayList<>();

    private HtmlParser(HtmlText words, Predicate<Element> isLeftOut) {
        this.words = words;
        this.isLeftOut = isLeftOut;
    }

    static ParsedDocument parse(String html, String fallbackTitle) throws UnreadableDocument {
        var page = page(html);
        var main = page.selectFirst("main, [role=main]");
        return parse(html, fallbackTitle, page, main == null ? page.body() : main, element -> false);
    }

    /** The same of a website's page, which is more than what it is about. */
    static ParsedDocument parseMainContent(String html, String fallbackTitle) throws UnreadableDocument {
        var page = page(html);
        var content = MainContent.of(page);
        return parse(html, fallbackTitle, page, content.root(), content::isAround);
    }

    private static Document page(String html) throws UnreadableDocument {
        var page = HtmlTree.of(html);
        checkDepth(page);
        return page;
    }

    private static ParsedDocument parse(
            String html, String fallbackTitle, Document page, Element root, Predicate<Element> isLeftOut)
            throws UnreadableDocument {
        var words = new HtmlText(html);
        var parser = new HtmlParser(words, isLeftOut);
        parser.walk(root, false);
        words.startBlock(Block.Kind.PROSE, Math.max(0, html.length() - 1));
        return new ParsedDocument(
                words.text(),
                title(page, fallbackTitle),
                Parser.metadata(metadata(page)),
                words.blocks(),
                words.origin(),
                Pages.NONE,
                parser.hidden);
    }

    /** Walks without recursion, so that no nesting is too much for it. */
    private static void checkDepth(Document page) throws UnreadableDocument {
        var depth = 0;
        Node node = page;
        while (node != null) {
            if (node.childNodeSize() > 0) {
                node = node.childNode(0);
                depth++;
            } else {
                while (node != null && node.nextSibling() == null) {
                    node = node.parentNode();
                    depth--;
                }
                node = node == null ? null : node.nextSibling();
            }
            if (depth > DEEPEST) {
                throw new UnreadableDocument(
                        QuarantineReason.TooDeeplyNested,
                        "elements are nested more than %d deep: simplify or exclude the document".formatted(DEEPEST));
            }
        }
    }

    private void walk(Element parent, boolean keepSpace) {
        for (var node : parent.childNodes()) {
            if (node instanceof TextNode text && text.sourceRange().isTracked()) {
                words.words(text.sourceRange().startPos(), text.sourceRange().endPos(), keepSpace);
            } else if (node instanceof Element element && isSeen(element) && !isLeftOut.test(element)) {
                var from = words.length();
                enter(element, keepSpace);
                if (words.length() > from && HiddenMarkup.hides(element)) {
                    hidden.add(new Origin.Range(from, words.length()));
                }
            }
        }
    }

    private void enter(Element element, boolean keepSpace) {
        var name = element.normalName();
        var start = Math.max(0, element.sourceRange().startPos());
        var end = Math.max(start, element.endSourceRange().startPos());
        var level = headingLevel(name);
        if (level > 0) {
            words.startBlock(Block.Kind.HEADING, start);
            walk(element, false);
            words.endHeading(level, end);
        } else if (element.isBlock() && !CELLS.contains(name)) {
            words.startBlock(WHOLE.contains(name) ? Block.Kind.WHOLE : Block.Kind.PROSE, start);
            walk(element, keepSpace || name.equals("pre"));
            words.startBlock(Block.Kind.PROSE, end);
        } else {
            walk(element, keepSpace);
            if (CELLS.contains(name)) {
                words.separate(end);
            }
        }
    }

    private static boolean isSeen(Element element) {
        return !UNSEEN.contains(element.normalName())
                && !element.hasAttr("hidden")
                && !element.attr("aria-hidden").equals("true");
    }

    private static int headingLevel(String name) {
        return name.length() == 2 && name.charAt(0) == 'h' && name.charAt(1) >= '1' && name.charAt(1) <= '6'
                ? name.charAt(1) - '0'
                : 0;
    }

    private static String title(Document page, String fallback) {
        if (!page.title().isBlank()) {
            return page.title().strip();
        }
        var heading = page.selectFirst("h1");
        return heading == null || heading.text().isBlank() ? fallback : heading.text();
    }

    private static Map<String, Object> metadata(Document page) {
        var metadata = new LinkedHashMap<String, Object>();
        for (var meta : page.select("meta[name][content]")) {
            if (meta.attr("content").length() <= LONGEST_META) {
                metadata.putIfAbsent(meta.attr("name"), meta.attr("content"));
            }
        }
        return metadata;
    }
}
