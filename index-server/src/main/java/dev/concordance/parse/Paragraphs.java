package dev.concordance.parse;

import java.util.ArrayList;
import java.util.List;

/** Cuts plain text at empty lines. */
final class Paragraphs {
    private Paragraphs() {}

    static List<Block> of(String text, int from, int to, int section, List<String> headings) {
        var blocks = new ArrayList<Block>();
        var start = -1;
        var end = from;
        for (var line = from; line < to; ) {
            var newline = text.indexOf('\n', line);
            var lineEnd = newline < 0 || newline >= to ? to : newline + 1;
            if (isBlank(text, line, lineEnd)) {
                if (start >= 0) {
                    blocks.add(new Block(Block.Kind.PROSE, start, end, section, headings));
                    start = -1;
                }
            } else {
                start = start < 0 ? line : start;
                end = lineEnd;
            }
            line = lineEnd;
        }
        if (start >= 0) {
            blocks.add(new Block(Block.Kind.PROSE, start, end, section, headings));
        }
        return blocks;
    }

    private static boolean isBlank(String text, int from, int to) {
        for (var i = from; i < to; i++) {
            if (!Character.isWhitespace(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
