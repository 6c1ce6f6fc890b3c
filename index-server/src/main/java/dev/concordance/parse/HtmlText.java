package dev.concordance.parse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a reader sees of an HTML page, built in reading order, with the place in the source of each character. */
final class HtmlText {
    private final String html;
    private final StringBuilder text = new StringBuilder();
    private int[] offsets = new int[1024];
    private final HeadingPath headings = new HeadingPath();
    private final List<Block> blocks = new ArrayList<>();
    private int blockStart;
    private Block.Kind kind = Block.Kind.PROSE;

    HtmlText(String html) {
        this.html = html;
    }

    /** The words of a text node, {@code html[from:to]}; white space is one space unless it is to be kept. */
    void words(int from, int to, boolean keepSpace) {
        for (var i = from; i < to; ) {
            var next = html.charAt(i) == '&' ? Math.min(to, Entities.end(html, i)) : i + 1;
            var characters = next > i + 1 ? Entities.decode(html, i, next) : html.substring(i, next);
            for (var j = 0; j < characters.length(); j++) {
                put(characters.charAt(j), i, keepSpace);
            }
            i = next;
        }
    }

    /** Ends the present block, if it has words, and begins the next one. */
    void startBlock(Block.Kind next, int offset) {
        var end = text.length();
        while (end > blockStart && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        if (end > blockStart) {
            blocks.add(new Block(kind, blockStart, end, headings.section(), headings.path()));
            append('\n', offset);
        }
        blockStart = text.length();
        kind = next;
    }

    /** Ends the present block, which is a heading's, and enters the section that it opens. */
    void endHeading(int level, int offset) {
        var words = text.substring(blockStart).strip();
        if (!words.isEmpty()) {
            headings.enter(level, words);
        }
        startBlock(Block.Kind.PROSE, offset);
    }

    /** A cell of a table or the like ends: its words aren't the next one's. */
    void separate(int offset) {
        put(' ', offset, false);
    }

    int length() {
        return text.length();
    }

    String text() {
        return text.toString();
    }

    List<Block> blocks() {
        return blocks;
    }

    Origin origin() {
        return Origin.mapped(html, Arrays.copyOf(offsets, text.length()));
    }

    private void put(char c, int offset, boolean keepSpace) {
        if (keepSpace || !isSpace(c)) {
            append(c, offset);
        } else if (text.length() > blockStart && text.charAt(text.length() - 1) != ' ') {
            append(' ', offset);
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
    }

    private void append(char c, int offset) {
        if (text.length() == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * offsets.length);
        }
        offsets[text.length()] = offset;
        text.append(c);
    }
}
