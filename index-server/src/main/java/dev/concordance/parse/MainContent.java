package dev.concordance.parse;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/**
 * What of a website's page is the page's own: its {@code main}, else its only {@code article}, else its body without the header
 * and without containers of which more than a third of the words are links. That bound is the first decision of the classifier
 * by Kohlschütter, Fankhauser and Nejdl (Boilerplate Detection using Shallow Text Features, WSDM 2010, algorithm 2); its others
 * look at the length of neighbouring blocks, and would take headings and code for boilerplate.
 */
final class MainContent {
    private static final Set<String> AROUND = Set.of("navigation", "banner", "complementary", "contentinfo", "search");
    private static final Set<String> CONTAINERS =
            Set.of("div", "section", "ul", "ol", "dl", "menu", "table", "center", "header");
    private static final int A_THIRD = 3;

    private final Element root;
    private final boolean isMarked;
    private final Map<Element, Count> words = new IdentityHashMap<>();

    private static final class Count {
        private int all;
        private int linked;
    }

    private MainContent(Element root, boolean isMarked) {
        this.root = root;
        this.isMarked = isMarked;
    }

    static MainContent of(Document page) {
        var main = page.selectFirst("main, [role=main]");
        if (main != null) {
            return new MainContent(main, true);
        }
        var articles = page.select("article");
        if (articles.size() == 1) {
            return new MainContent(articles.getFirst(), true);
        }
        var body = new MainContent(page.body(), false);
        NodeTraversor.traverse(body.new Counting(), page.body());
        return body;
    }

    /** The element that holds all of it. */
    Element root() {
        return root;
    }

    /** Whether an element below the root belongs to the site. */
    boolean isAround(Element element) {
        if (AROUND.contains(element.attr("role"))) {
            return true;
        }
        return !isMarked
                && (element.normalName().equals("header") && element.closest("article, section") == null
                        || CONTAINERS.contains(element.normalName()) && isMostlyLinks(element));
    }

    private boolean isMostlyLinks(Element element) {
        var counted = words.get(element);
        return counted != null && A_THIRD * counted.linked > counted.all;
    }

    /** Adds up words on the way out of each element, so that each is looked at once. */
    private final class Counting implements NodeVisitor {
        private int links;

        @Override
        public void head(Node node, int depth) {
            if (node instanceof Element element) {
                words.put(element, new Count());
                links += isLink(element) ? 1 : 0;
            } else if (node instanceof TextNode text && text.parent() instanceof Element parent) {
                var number = number(text.getWholeText());
                var counted = words.computeIfAbsent(parent, key -> new Count());
                counted.all += number;
                counted.linked += links > 0 ? number : 0;
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (node instanceof Element element) {
                links -= isLink(element) ? 1 : 0;
                var counted = words.get(element);
                var outer = element.parent() == null ? null : words.get(element.parent());
                if (counted != null && outer != null) {
                    outer.all += counted.all;
                    outer.linked += counted.linked;
                }
            }
        }

        private static boolean isLink(Element element) {
            return element.normalName().equals("a") && element.hasAttr("href");
        }

        private static int number(String text) {
            var number = 0;
            var isInside = false;
            for (var i = 0; i < text.length(); i++) {
                var isWord = !Character.isWhitespace(text.charAt(i));
                number += isWord && !isInside ? 1 : 0;
                isInside = isWord;
            }
            return number;
        }
    }
}
