package dev.concordance.chunking;

import dev.concordance.code.Construct;
import dev.concordance.parse.Block;
import java.util.ArrayList;
import java.util.List;

/** The borders at which a document may be divided, the highest outermost. */
final class Outline {
    private Outline() {}

    /** Of blocks under headings: headings by their depth, then blocks. */
    static Part of(List<Block> blocks) {
        if (blocks.size() == 1) {
            return Part.of(blocks.getFirst());
        }
        return new Part(around(blocks), parts(blocks).stream().map(Outline::of).toList());
    }

    private static Block around(List<Block> blocks) {
        var first = blocks.getFirst();
        return new Block(first.kind(), first.start(), blocks.getLast().end(), first.section(), first.headings());
    }

    /** Divided at all borders of the highest rank that there is between the blocks. */
    private static List<List<Block>> parts(List<Block> blocks) {
        var highest = Integer.MAX_VALUE;
        for (var i = 1; i < blocks.size(); i++) {
            highest = Math.min(highest, rank(blocks.get(i - 1), blocks.get(i)));
        }
        var parts = new ArrayList<List<Block>>();
        var from = 0;
        for (var i = 1; i <= blocks.size(); i++) {
            if (i == blocks.size() || rank(blocks.get(i - 1), blocks.get(i)) == highest) {
                parts.add(blocks.subList(from, i));
                from = i;
            }
        }
        return parts;
    }

    /** Depth of the heading that the border is at; behind all headings for one within a section. */
    private static int rank(Block before, Block after) {
        return before.section() == after.section()
                ? Integer.MAX_VALUE
                : after.headings().size();
    }

    /**
     * Of source code: its definitions and other constructs, one in another, and between them what empty lines divide. Brackets
     * that only close what is before them are no part.
     *
     * @param paragraphs of the whole text, of which there is at least one
     */
    static Part of(String text, List<Construct> constructs, List<Block> paragraphs) {
        var walk = new CodeWalk(text, paragraphs);
        var range = around(paragraphs);
        return new Part(range, walk.parts(range, constructs));
    }

    /** Goes through constructs and paragraphs at the same time; both are in order. */
    private static final class CodeWalk {
        private final String text;
        private final List<Block> paragraphs;
        private int paragraph;

        CodeWalk(String text, List<Block> paragraphs) {
            this.text = text;
            this.paragraphs = paragraphs;
        }

        List<Part> parts(Block around, List<Construct> constructs) {
            var parts = new ArrayList<Part>();
            var from = around.start();
            for (var construct : constructs) {
                addParagraphs(around, from, construct.start(), parts);
                parts.add(part(around, construct));
                from = construct.end();
            }
            addParagraphs(around, from, around.end(), parts);
            return parts;
        }

        private Part part(Block around, Construct construct) {
            var headings = new ArrayList<>(around.headings());
            if (!construct.signature().isEmpty()) {
                headings.add(construct.signature());
            }
            var range = whole(construct.start(), construct.end(), headings);
            return new Part(range, parts(range, construct.inner()));
        }

        private void addParagraphs(Block around, int from, int to, List<Part> parts) {
            while (paragraph < paragraphs.size() && paragraphs.get(paragraph).start() < to) {
                var block = paragraphs.get(paragraph);
                var start = Math.max(from, block.start());
                var end = Math.min(to, block.end());
                if (hasWords(start, end)) {
                    parts.add(Part.of(whole(start, end, around.headings())));
                }
                if (block.end() > to) {
                    return;
                }
                paragraph++;
            }
        }

        private boolean hasWords(int start, int end) {
            return start < end && text.substring(start, end).codePoints().anyMatch(Character::isLetterOrDigit);
        }

        private static Block whole(int start, int end, List<String> headings) {
            return new Block(Block.Kind.WHOLE, start, end, 0, headings);
        }
    }
}
