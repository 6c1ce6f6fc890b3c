package dev.concordance.parse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;

/**
 * Markup by which a page keeps text from its readers: what an element's own style says, and comments in Markdown. What a style
 * sheet or a script does isn't followed.
 */
final class HiddenMarkup {
    private static final String COMMENT = "<!--";
    private static final String COMMENT_END = "-->";
    private static final Pattern FAR_AWAY =
            Pattern.compile("(left|top|right|bottom|text-indent|margin-left):-\\d{3,6}.*");
    private static final Pattern NOTHING =
            Pattern.compile("(opacity|font-size|max-height|max-width):0*(\\.0*)?(px|em|rem|pt|%)?");

    private HiddenMarkup() {}

    /** Whether an element's own attributes hide what is in it. */
    static boolean hides(Element element) {
        var style = element.attr("style");
        if (style.isEmpty()) {
            return false;
        }
        var declarations = Arrays.stream(
                        style.toLowerCase(Locale.ROOT).replace("!important", "").split(";", -1))
                .map(declaration -> declaration.replaceAll("\\s+", ""))
                .toList();
        return declarations.stream().anyMatch(HiddenMarkup::hides) || isOfOneColour(declarations);
    }

    private static boolean hides(String declaration) {
        return switch (declaration) {
            case "display:none", "visibility:hidden", "visibility:collapse", "color:transparent" -> true;
            default ->
                NOTHING.matcher(declaration).matches()
                        || FAR_AWAY.matcher(declaration).matches();
        };
    }

    private static boolean isOfOneColour(List<String> declarations) {
        var text = value(declarations, "color:");
        return !text.isEmpty()
                && (text.equals(value(declarations, "background-color:"))
                        || text.equals(value(declarations, "background:")));
    }

    private static String value(List<String> declarations, String name) {
        return declarations.stream()
                .filter(declaration -> declaration.startsWith(name))
                .map(declaration -> declaration.substring(name.length()))
                .findFirst()
                .orElse("");
    }

    /** What is hidden in the blocks of a Markdown document, outside of code. */
    static List<Origin.Range> in(String text, List<Block> blocks) throws UnreadableDocument {
        var hidden = new ArrayList<Origin.Range>();
        for (var block : blocks) {
            if (block.kind() != Block.Kind.WHOLE) {
                comments(text, block, hidden);
                elements(text, block, hidden);
            }
        }
        return hidden;
    }

    private static void comments(String text, Block block, List<Origin.Range> hidden) {
        for (var at = text.indexOf(COMMENT, block.start(), block.end()); at >= 0; ) {
            var end = text.indexOf(COMMENT_END, at + COMMENT.length(), block.end());
            var after = end < 0 ? block.end() : end + COMMENT_END.length();
            var words = text.substring(at + COMMENT.length(), end < 0 ? block.end() : end);
            if (words.chars().anyMatch(Character::isLetter) && !isCode(text, at)) {
                hidden.add(new Origin.Range(at, after));
            }
            at = text.indexOf(COMMENT, after, block.end());
        }
    }

    private static void elements(String text, Block block, List<Origin.Range> hidden) throws UnreadableDocument {
        var markup = text.substring(block.start(), block.end());
        if (markup.indexOf('<') < 0 || !mayHide(markup.toLowerCase(Locale.ROOT))) {
            return;
        }
        var page = HtmlTree.of(markup);
        for (var element : page.getAllElements()) {
            var range = element.sourceRange();
            var hides = hides(element) || element.hasAttr("hidden");
            if (hides && range.isTracked() && !isCode(markup, range.startPos())) {
                var end = element.endSourceRange();
                var after = end.isTracked() ? Math.max(end.startPos(), range.endPos()) : markup.length();
                hidden.add(new Origin.Range(block.start() + range.endPos(), block.start() + after));
            }
        }
    }

    private static boolean mayHide(String markup) {
        return markup.contains("style") || markup.contains("hidden");
    }

    private static boolean isCode(String text, int at) {
        return at > 0 && text.charAt(at - 1) == '`';
    }
}
