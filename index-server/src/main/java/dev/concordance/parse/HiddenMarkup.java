package dev.concordance.parse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Tag;

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

    /** Parts of paragraphs, lists and tables: browsers end them where the next part or another block begins. */
    private static final Set<String> ENDS_BY_ITSELF = Set.of("p", "li", "dt", "dd", "tr", "td", "th", "option");

    private final String text;
    private final List<Block> blocks;
    private final List<Origin.Range> hidden = new ArrayList<>();
    /** Where the last element ends that began in one block and ends in another. */
    private int until;

    private HiddenMarkup(String text, List<Block> blocks) {
        this.text = text;
        this.blocks = blocks;
    }

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
        var markup = new HiddenMarkup(text, blocks);
        for (var i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).kind() != Block.Kind.WHOLE && blocks.get(i).end() > markup.until) {
                markup.comments(blocks.get(i));
                markup.elements(i);
            }
        }
        return markup.hidden;
    }

    private void comments(Block block) {
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

    private void elements(int index) throws UnreadableDocument {
        var block = blocks.get(index);
        var markup = text.substring(block.start(), block.end());
        if (markup.indexOf('<') < 0 || !mayHide(markup.toLowerCase(Locale.ROOT))) {
            return;
        }
        var tree = HtmlTree.of(markup);
        var words = firstWords(tree);
        for (var element : tree.getAllElements()) {
            var range = element.sourceRange();
            var hides = hides(element) || element.hasAttr("hidden");
            var start = block.start() + range.endPos();
            if (hides && range.isTracked() && start > until && !isCode(markup, range.startPos())) {
                var end = element.endSourceRange();
                var after = end.isTracked() ? Math.max(end.startPos(), range.endPos()) : markup.length();
                hide(element, index, start, block.start() + after, range.startPos() < words);
            }
        }
    }

    /** Where words begin: a tag behind them, or behind a sign of Markdown, is within a line. */
    private static int firstWords(Document tree) {
        return tree.nodeStream(TextNode.class)
                .filter(words -> !words.isBlank() && words.sourceRange().isTracked())
                .mapToInt(words -> words.sourceRange().startPos())
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    private void hide(Element element, int index, int start, int end, boolean isFirst) {
        var isOpen = isFirst && end == blocks.get(index).end() && goesOn(element.tag(), start);
        until = isOpen ? end(element.normalName(), index, start) : until;
        var after = isOpen ? until : end;
        if (start < after) {
            hidden.add(new Origin.Range(start, after));
        }
    }

    /** Whether browsers see an element that nothing has ended go on in the next block (CommonMark 0.31, 4.6, kinds 6 and 7). */
    private boolean goesOn(Tag tag, int start) {
        if (tag.isEmpty() || ENDS_BY_ITSELF.contains(tag.normalName()) || text.startsWith("/>", start - 2)) {
            return false;
        }
        return tag.isBlock() || isEndOfLine(start);
    }

    private boolean isEndOfLine(int start) {
        var at = start;
        while (at < text.length() && text.charAt(at) != '\n' && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at == text.length() || text.charAt(at) == '\n';
    }

    /** Where an element ends that is open at the end of its block: all blocks follow each other on the page. */
    private int end(String name, int index, int start) {
        var tags = Pattern.compile(COMMENT + "|<(/?)" + Pattern.quote(name) + "(?=[\\s/>])", Pattern.CASE_INSENSITIVE)
                .matcher(text);
        var open = 1;
        for (var block : blocks.subList(index, blocks.size())) {
            tags.region(Math.max(start, block.start()), block.end());
            while (block.kind() != Block.Kind.WHOLE && tags.find()) {
                if (isCode(text, tags.start())) {
                    continue;
                }
                if (tags.group(1) == null) {
                    tags.region(endOfComment(tags.end(), block.end()), block.end());
                    continue;
                }
                open += tags.group(1).isEmpty() ? 1 : -1;
                if (open == 0) {
                    return tags.start();
                }
            }
        }
        return text.length();
    }

    private int endOfComment(int from, int last) {
        var end = text.indexOf(COMMENT_END, from, last);
        return end < 0 ? last : end + COMMENT_END.length();
    }

    private static boolean mayHide(String markup) {
        return markup.contains("style") || markup.contains("hidden");
    }

    private static boolean isCode(String text, int at) {
        return at > 0 && text.charAt(at - 1) == '`';
    }
}
