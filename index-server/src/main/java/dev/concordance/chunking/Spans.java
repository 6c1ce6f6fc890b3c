package dev.concordance.chunking;

import dev.concordance.parse.Block;
import java.util.ArrayList;
import java.util.List;

/** Divides blocks into spans none of which has more than a given number of tokens. */
final class Spans {
    private final String text;
    private final TokenIndex tokens;
    private final Sentences sentences;
    private final int most;

    Spans(String text, TokenIndex tokens, Sentences sentences, int most) {
        this.text = text;
        this.tokens = tokens;
        this.sentences = sentences;
        this.most = most;
    }

    /** A block that fits is one span; else its sentences or lines are, and of those that don't fit, runs of words. */
    List<Span> whole(Block block) {
        if (fits(block.start(), block.end())) {
            return List.of(new Span(block.start(), block.end(), block, true));
        }
        return block.kind() == Block.Kind.WHOLE ? lines(block) : sentences(block);
    }

    /** The sentences of prose; of a code block or a row of a table all, where it fits, else its lines. */
    List<Span> kept(Block block) {
        return block.kind() == Block.Kind.WHOLE ? whole(block) : sentences(block);
    }

    List<Span> sentences(Block block) {
        var spans = new ArrayList<Span>();
        var from = block.start();
        for (var end : sentences.ends(block.start(), block.end())) {
            add(spans, block, from, end);
            from = end;
        }
        return spans;
    }

    private List<Span> lines(Block block) {
        var spans = new ArrayList<Span>();
        for (var from = block.start(); from < block.end(); ) {
            var newline = text.indexOf('\n', from);
            var to = newline < 0 || newline >= block.end() ? block.end() : newline + 1;
            add(spans, block, from, to);
            from = to;
        }
        return spans;
    }

    private void add(List<Span> spans, Block block, int from, int to) {
        var start = from;
        var end = to;
        while (start < end && Character.isWhitespace(text.charAt(start))) {
            start++;
        }
        while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        while (start < end) {
            var cut = cut(start, end);
            spans.add(new Span(start, strip(start, cut), block, spans.isEmpty()));
            start = skipSpace(cut, end);
        }
    }

    /** Where to cut so that the part fits by itself, too. */
    private int cut(int start, int end) {
        for (var room = most; ; room = Math.max(1, room / 2)) {
            var cut = tokens.count(start, end) <= room ? end : tokens.cut(start, end, room);
            var surplus = tokens.surplus(start, cut);
            if (tokens.count(start, cut) + surplus <= most || room == 1) {
                tokens.add(start, surplus);
                return cut;
            }
        }
    }

    private int strip(int start, int end) {
        var stripped = end;
        while (stripped > start + 1 && Character.isWhitespace(text.charAt(stripped - 1))) {
            stripped--;
        }
        return stripped;
    }

    private int skipSpace(int from, int end) {
        var i = from;
        while (i < end && Character.isWhitespace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private boolean fits(int start, int end) {
        return tokens.count(start, end) <= most;
    }
}
