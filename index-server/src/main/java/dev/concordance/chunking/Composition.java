package dev.concordance.chunking;

import dev.concordance.embedding.Tokenizer;
import dev.concordance.parse.Block;
import dev.concordance.parse.ParsedDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** The chunks of one document while they are made. */
final class Composition {
    private final ParsedDocument document;
    private final Headers headers;
    private final TokenIndex tokens;
    private final Sentences sentences;
    private final CodePoints codePoints;
    private final Tokenizer tokenizer;
    private final int most;
    private final int limit;
    private final List<Chunk> chunks = new ArrayList<>();
    private int longest;
    private Chunk.@Nullable Parent parent;

    /**
     * @param most how many tokens a chunk is to have, counted in the whole text
     * @param limit how many it may have when it is counted by itself; one with more is halved
     */
    Composition(ParsedDocument document, Headers headers, Tokenizer tokenizer, int most, int limit) {
        this.document = document;
        this.headers = headers;
        this.tokens = new TokenIndex(document.text(), tokenizer);
        this.sentences = new Sentences(document.text());
        this.codePoints = new CodePoints(document.origin().source());
        this.tokenizer = tokenizer;
        this.most = most;
        this.limit = limit;
    }

    List<Chunk> chunks() {
        return chunks;
    }

    /** Tokens of the longest chunk, each counted by itself. */
    int longest() {
        return longest;
    }

    /** Packs the blocks of one section, which share their header, and cuts between blocks rather than within one. */
    void packSection(List<Block> section, int overlapTokens) {
        var budget = budget(section.getFirst());
        var dividing = spans(budget);
        var spans = section.stream()
                .flatMap(block -> dividing.whole(block).stream())
                .toList();
        for (var from = 0; from < spans.size(); ) {
            var to = cutBetweenBlocks(spans, from, fill(spans, from, budget), budget);
            emit(Piece.of(spans.get(from)).then(Piece.of(spans.get(to - 1))));
            from = to == spans.size() ? to : overlap(spans, from, to, Math.min(overlapTokens, budget / 2), budget);
        }
    }

    /** Packs whole sentences, whatever section they are in. */
    void packSentences(List<Block> blocks, int overlapSentences) {
        var budget = blocks.stream().mapToInt(this::budget).min().orElse(most);
        var dividing = spans(budget);
        var spans =
                blocks.stream().flatMap(block -> dividing.kept(block).stream()).toList();
        for (var from = 0; from < spans.size(); ) {
            var to = fill(spans, from, budget);
            emit(Piece.of(spans.get(from)).then(Piece.of(spans.get(to - 1))));
            var next = Math.max(from + 1, to - overlapSentences);
            while (to < spans.size() && next < to && !fits(spans.get(next), spans.get(to), budget)) {
                next++;
            }
            from = to == spans.size() ? to : next;
        }
    }

    /**
     * Packs whole sentences and cuts where the meaning changes, if there are {@code minTokens} before, else where it changes most
     * among what fits.
     */
    void packByMeaning(List<Block> blocks, int minTokens, int percentile, Vectors vectors) {
        var budget = blocks.stream().mapToInt(this::budget).min().orElse(most);
        var dividing = spans(budget);
        var spans =
                blocks.stream().flatMap(block -> dividing.kept(block).stream()).toList();
        var breakpoints = Breakpoints.of(pairs(spans), vectors, percentile);
        for (var from = 0; from < spans.size(); ) {
            var to = fill(spans, from, budget);
            var cut = cutByMeaning(spans, from, to, Math.min(minTokens, budget), breakpoints);
            emit(Piece.of(spans.get(from)).then(Piece.of(spans.get(cut - 1))));
            from = cut;
        }
    }

    private int cutByMeaning(List<Span> spans, int from, int to, int minTokens, Breakpoints breakpoints) {
        var first = from + 1;
        while (first < to
                && tokens.count(spans.get(from).start(), spans.get(first - 1).end()) < minTokens) {
            first++;
        }
        for (var cut = first; cut < to; cut++) {
            if (breakpoints.isBefore(cut) && hasTokens(spans, cut, minTokens)) {
                return cut;
            }
        }
        return to == spans.size() ? to : breakpoints.farthest(first, to);
    }

    /** Whether there are so many tokens to come; nearly every span has one at least. */
    private boolean hasTokens(List<Span> spans, int from, int minTokens) {
        var last = Math.min(spans.size() - 1, from + minTokens);
        return tokens.count(spans.get(from).start(), spans.get(last).end()) >= minTokens;
    }

    /** The first span, each with the next one, and the last; of two that are too long together only the longer. */
    private List<String> pairs(List<Span> spans) {
        var texts = new ArrayList<String>();
        for (var i = 0; i <= spans.size() && spans.size() > 1; i++) {
            var one = spans.get(Math.max(0, i - 1));
            var next = spans.get(Math.min(spans.size() - 1, i));
            var isTooLong = tokens.count(one.start(), next.end()) > most;
            var isFirst = isTooLong && one.end() - one.start() >= next.end() - next.start();
            texts.add(document.text()
                    .substring(isTooLong && !isFirst ? next.start() : one.start(), isFirst ? one.end() : next.end()));
        }
        return texts;
    }

    /** Lays windows over the text, each beginning with the last tokens of the one before. */
    void window(List<Block> blocks, int overlapTokens) {
        if (blocks.isEmpty()) {
            return;
        }
        var budget = blocks.stream().mapToInt(this::budget).min().orElse(most);
        var end = blocks.getLast().end();
        var block = 0;
        for (var start = blocks.getFirst().start(); start < end; ) {
            while (block + 1 < blocks.size() && blocks.get(block + 1).start() <= start) {
                block++;
            }
            var rest = tokens.count(start, end) <= budget;
            var cut = rest ? end : tokens.cut(start, end, budget);
            emit(new Piece(start, cut, blocks.get(block).headings()));
            var again = tokens.wordBefore(cut, Math.min(overlapTokens, budget / 2));
            start = rest ? end : again > start ? again : cut;
        }
    }

    /** Divides at the highest borders first, as far down as is needed. */
    void divide(Part all, BinaryOperator<Piece> join) {
        var division = new Division(this::fits, block -> spans(budget(block)).whole(block), join);
        division.of(all).forEach(this::emit);
    }

    /**
     * Divides into parents and each of them into chunks. Of two chunks beside each other in a parent, both are more than one could
     * hold.
     *
     * @param parentTokens of a parent's text
     */
    void divideTwice(List<Block> blocks, int parentTokens) {
        var parents = new Parents(document.text(), tokens, sentences, tokenizer, parentTokens);
        var children = new Division(this::fits, block -> spans(budget(block)).whole(block), Piece::then);
        var ordinal = 0;
        var first = 0;
        for (var piece : parents.of(blocks)) {
            while (blocks.get(first).end() <= piece.start()) {
                first++;
            }
            parent = parent(ordinal++, piece);
            var within = within(blocks.subList(first, blocks.size()), piece);
            children.joined(children.of(Outline.of(within))).forEach(this::emit);
        }
    }

    /** The parts of blocks that are in a piece, with the first of which it begins. */
    private static List<Block> within(List<Block> blocks, Piece piece) {
        return blocks.stream()
                .takeWhile(block -> block.start() < piece.end())
                .map(block -> new Block(
                        block.kind(),
                        Math.max(block.start(), piece.start()),
                        Math.min(block.end(), piece.end()),
                        block.section(),
                        block.headings()))
                .toList();
    }

    private Chunk.Parent parent(int ordinal, Piece piece) {
        var range = document.origin().range(piece.start(), piece.end());
        return new Chunk.Parent(
                ordinal,
                document.text().substring(piece.start(), piece.end()),
                codePoints.at(range.start()),
                codePoints.at(range.end()));
    }

    private boolean fits(Piece piece) {
        return tokens.count(piece.start(), piece.end())
                        + headers.of(piece.headings()).tokens()
                <= most;
    }

    private Spans spans(int budget) {
        return new Spans(document.text(), tokens, sentences, budget);
    }

    private int budget(Block block) {
        return Math.max(1, most - headers.of(block.headings()).tokens());
    }

    /** The span after the last one that fits beside {@code from}. */
    private int fill(List<Span> spans, int from, int budget) {
        var to = from + 1;
        while (to < spans.size() && fits(spans.get(from), spans.get(to), budget)) {
            to++;
        }
        return to;
    }

    private int cutBetweenBlocks(List<Span> spans, int from, int to, int budget) {
        if (to == spans.size()) {
            return to;
        }
        for (var cut = to; cut > from + 1; cut--) {
            if (spans.get(cut).opensBlock()) {
                return cut;
            }
            if (tokens.count(spans.get(from).start(), spans.get(cut - 1).end()) < budget / 2) {
                return to;
            }
        }
        return to;
    }

    /** Where the next chunk begins so that it repeats at most {@code most} tokens and still holds something new. */
    private int overlap(List<Span> spans, int from, int to, int overlapTokens, int budget) {
        var next = to;
        while (next - 1 > from
                && tokens.count(spans.get(next - 1).start(), spans.get(to - 1).end()) <= overlapTokens
                && fits(spans.get(next - 1), spans.get(to), budget)) {
            next--;
        }
        return next;
    }

    private boolean fits(Span first, Span last, int budget) {
        return tokens.count(first.start(), last.end()) <= budget;
    }

    private void emit(Piece piece) {
        var stripped = piece.stripped(document.text());
        if (stripped.start() < stripped.end()) {
            add(stripped.start(), stripped.end(), piece.headings());
        }
    }

    private void add(int from, int to, List<String> headings) {
        var header = headers.of(headings);
        var size = size(header, from, to);
        if (size <= limit) {
            longest = Math.max(longest, size);
            chunks.add(chunk(from, to, headings, header.text(), size));
            return;
        }
        var middle = middle(from, to);
        if (middle == from) {
            chunks.add(chunk(
                    from, to, headings, "", tokenizer.count(document.text().substring(from, to))));
            return;
        }
        add(from, middle, headings);
        add(middle, to, headings);
    }

    private Chunk chunk(int from, int to, List<String> headings, String context, int size) {
        var range = document.origin().range(from, to);
        return new Chunk(
                chunks.size(),
                document.text().substring(from, to),
                codePoints.at(range.start()),
                codePoints.at(range.end()),
                headings,
                context,
                parent,
                size);
    }

    /** Counted anew only where the border of the chunk may have changed its tokens: it would take as long as all the rest. */
    private int size(Headers.Header header, int from, int to) {
        return tokens.isExact(from, to)
                ? header.tokens() + tokens.count(from, to)
                : tokenizer.count(
                        Chunk.embeddedText(header.text(), document.text().substring(from, to)));
    }

    /** A border between two characters near the middle, or the beginning if there is only one. */
    private int middle(int from, int to) {
        var middle = from + (to - from) / 2;
        return Character.isLowSurrogate(document.text().charAt(middle)) ? middle - 1 : middle;
    }
}
