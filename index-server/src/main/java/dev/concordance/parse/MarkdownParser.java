package dev.concordance.parse;

import dev.concordance.manifest.QuarantineReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/** CommonMark with tables and YAML front matter; block borders are the source's own. */
final class MarkdownParser {
    /** Nesting of quotes and lists beyond it is read as text of the outermost that is followed. */
    private static final int DEEPEST = 50;

    private static final int DEEPEST_LINE = 200;
    private static final long MOST_CELLS = 1_000_000;

    private static final Parser PARSER = Parser.builder()
            .extensions(List.of(TablesExtension.create()))
            .includeSourceSpans(IncludeSourceSpans.BLOCKS)
            .inlineParserFactory(HeadingWords.unparsed())
            .build();

    private final String text;
    private final int offset;
    private final HeadingPath headings = new HeadingPath();
    private final List<Block> blocks = new ArrayList<>();
    private Optional<String> firstHeading = Optional.empty();

    private MarkdownParser(String text, int offset) {
        this.text = text;
        this.offset = offset;
    }

    static ParsedDocument parse(String text, String fallbackTitle) throws UnreadableDocument {
        checkDepth(text);
        checkTables(text);
        var frontMatter = FrontMatter.of(text);
        var parser = new MarkdownParser(text, frontMatter.end());
        parser.walk(PARSER.parse(text.substring(frontMatter.end())), 0);
        var title = frontMatter.values().get("title") instanceof String declared && !declared.isBlank()
                ? declared.strip()
                : parser.firstHeading.orElse(fallbackTitle);
        return new ParsedDocument(
                text,
                title,
                frontMatter.values(),
                parser.blocks,
                Origin.same(text),
                Pages.NONE,
                HiddenMarkup.in(text, parser.blocks));
    }

    /** The parser keeps an object for each open quote and list, so a line that opens thousands is refused before. */
    private static void checkDepth(String text) throws UnreadableDocument {
        for (var line = 0; line < text.length(); ) {
            var opened = 0;
            var i = line;
            while (i < text.length() && " \t>*+-".indexOf(text.charAt(i)) >= 0) {
                opened += text.charAt(i) == '>' || (text.charAt(i) > ' ' && isSpace(text, i + 1)) ? 1 : 0;
                i++;
            }
            if (opened > DEEPEST_LINE) {
                throw new UnreadableDocument(
                        QuarantineReason.TooDeeplyNested,
                        "a line opens more than %d quotes and lists: simplify or exclude the document"
                                .formatted(DEEPEST_LINE));
            }
            var newline = text.indexOf('\n', i);
            line = newline < 0 ? text.length() : newline + 1;
        }
    }

    /** The parser fills each row of a table up to the width of its head. */
    private static void checkTables(String text) throws UnreadableDocument {
        var lines = 0L;
        var widest = 0L;
        for (var line = 0; line < text.length(); lines++) {
            var newline = text.indexOf('\n', line);
            var end = newline < 0 ? text.length() : newline;
            var bars = 0L;
            for (var i = line; i < end && "|:- \t\r".indexOf(text.charAt(i)) >= 0; i++) {
                bars += text.charAt(i) == '|' ? 1 : 0;
            }
            widest = Math.max(widest, bars);
            line = end + 1;
        }
        if (widest * lines > MOST_CELLS) {
            throw new UnreadableDocument(
                    QuarantineReason.TooLarge,
                    "a table of %d columns in a document of %d lines is too large to be read: divide or exclude it"
                            .formatted(widest, lines));
        }
    }

    private static boolean isSpace(String text, int at) {
        return at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t');
    }

    private void walk(Node parent, int depth) {
        for (var node = parent.getFirstChild(); node != null; node = node.getNext()) {
            switch (node) {
                case Heading heading -> heading(heading);
                case Paragraph paragraph -> add(Block.Kind.PROSE, paragraph);
                case FencedCodeBlock code -> add(Block.Kind.WHOLE, code);
                case IndentedCodeBlock code -> add(Block.Kind.WHOLE, code);
                case HtmlBlock html -> add(Block.Kind.PROSE, html);
                case TableBlock table -> rows(table);
                case org.commonmark.node.Block block when depth < DEEPEST -> walk(block, depth + 1);
                case ListBlock list -> add(Block.Kind.PROSE, list);
                case BlockQuote quote -> add(Block.Kind.PROSE, quote);
                default -> {}
            }
        }
    }

    private void rows(Node parent) {
        for (var node = parent.getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof TableRow row) {
                add(Block.Kind.WHOLE, row);
            } else {
                rows(node);
            }
        }
    }

    private void heading(Heading heading) {
        var words = HeadingWords.of(heading);
        headings.enter(heading.getLevel(), words);
        if (heading.getLevel() == 1 && firstHeading.isEmpty() && !words.isEmpty()) {
            firstHeading = Optional.of(words);
        }
        add(Block.Kind.HEADING, heading);
    }

    private void add(Block.Kind kind, Node node) {
        var spans = node.getSourceSpans();
        if (spans.isEmpty()) {
            return;
        }
        var start = offset + spans.getFirst().getInputIndex();
        var last = spans.getLast();
        var end = Math.min(text.length(), offset + last.getInputIndex() + last.getLength());
        if (start < end) {
            blocks.add(new Block(kind, start, end, headings.section(), headings.path()));
        }
    }
}
