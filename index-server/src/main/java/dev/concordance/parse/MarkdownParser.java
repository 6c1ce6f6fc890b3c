package dev.concordance.parse;

import dev.concordance.manifest.QuarantineReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/** CommonMark with tables and YAML front matter; block borders are the source's own. */
final class MarkdownParser {
    /** Nesting of quotes and lists beyond it is read as text of the outermost that is followed. */
    private static final int DEEPEST = 50;

    private static final int DEEPEST_LINE = 200;

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
        var frontMatter = FrontMatter.of(text);
        var parser = new MarkdownParser(text, frontMatter.end());
        parser.walk(PARSER.parse(text.substring(frontMatter.end())), 0);
        var title = frontMatter.values().get("title") instanceof String declared && !declared.isBlank()
                ? declared.strip()
                : parser.firstHeading.orElse(fallbackTitle);
        return new ParsedDocument(text, title, frontMatter.values(), parser.blocks, Origin.same(text));
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
                default -> {
                    if (depth < DEEPEST && node instanceof org.commonmark.node.Block) {
                        walk(node, depth + 1);
                    }
                }
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
