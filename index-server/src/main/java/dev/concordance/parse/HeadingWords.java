package dev.concordance.parse;

import java.util.Set;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.InlineParserFactory;
import org.commonmark.parser.Parser;

/**
 * The words of a heading without emphasis, links and code marks. Only headings need their inline markup read, and reading
 * it takes time in the square of its length, so it is read of nothing else and of no longer heading.
 */
final class HeadingWords extends AbstractVisitor {
    private static final int LONGEST = 500;
    private static final String MEANING = "\\`*_[]!<>&\n\r\t\0";
    private static final Parser INLINES =
            Parser.builder().enabledBlockTypes(Set.of()).build();

    private final StringBuilder words = new StringBuilder();

    private HeadingWords() {}

    /** Leaves the content of headings as it stands in the source, and that of other blocks aside. */
    static InlineParserFactory unparsed() {
        return context -> (lines, node) -> {
            if (node instanceof Heading) {
                node.appendChild(new Text(lines.getContent()));
            }
        };
    }

    static String of(Heading heading) {
        if (!(heading.getFirstChild() instanceof Text content)) {
            return "";
        }
        var markup = content.getLiteral().strip();
        if (markup.length() > LONGEST || isPlain(markup)) {
            return markup;
        }
        var visitor = new HeadingWords();
        INLINES.parse(markup).accept(visitor);
        return visitor.words.toString().strip();
    }

    /** Whether there is no character that means something within a line (CommonMark 0.31, 6). */
    private static boolean isPlain(String markup) {
        for (var i = 0; i < markup.length(); i++) {
            if (MEANING.indexOf(markup.charAt(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void visit(Text text) {
        words.append(text.getLiteral());
    }

    @Override
    public void visit(Code code) {
        words.append(code.getLiteral());
    }

    @Override
    public void visit(SoftLineBreak lineBreak) {
        words.append(' ');
    }
}
