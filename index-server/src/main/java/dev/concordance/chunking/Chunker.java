package dev.concordance.chunking;

import dev.concordance.code.SourceCode;
import dev.concordance.embedding.Tokenizer;
import dev.concordance.manifest.Chunking;
import dev.concordance.parse.Block;
import dev.concordance.parse.ParsedDocument;
import java.util.ArrayList;
import java.util.List;

/** Cuts documents by one policy, counting in the tokens of one model. Immutable. */
public final class Chunker {
    private final Chunking policy;
    private final Tokenizer tokenizer;
    private final ContextHeader header;
    private final int maxTokens;
    private final Vectors vectors;

    /** @param modelTokens the most tokens that the model takes of a passage; a greater maximum of the policy gives way */
    public Chunker(Chunking policy, Tokenizer tokenizer, int modelTokens) {
        this(
                policy,
                tokenizer,
                new ContextHeader(policy.contextHeader()),
                Math.min(policy.maxTokens(), modelTokens),
                texts -> {
                    throw new IllegalStateException("nobody was named to ask for the meaning of texts");
                });
    }

    private Chunker(Chunking policy, Tokenizer tokenizer, ContextHeader header, int maxTokens, Vectors vectors) {
        this.vectors = vectors;
        this.policy = policy;
        this.tokenizer = tokenizer;
        this.header = header;
        this.maxTokens = maxTokens;
    }

    /** The same one, which asks these for the meaning of texts if the policy cuts by it. */
    public Chunker asking(Vectors vectors) {
        return new Chunker(policy, tokenizer, header, maxTokens, vectors);
    }

    /**
     * The chunks of a document in order; none for one without words. All that isn't white space or a heading with nothing
     * but subsections below it is in at least one of them.
     *
     * @param name of the document's file, by which the language of source code is known
     */
    public List<Chunk> chunk(String name, ParsedDocument document) {
        var reserve = 0;
        while (true) {
            var work = attempt(name, document, maxTokens - reserve, reserve >= maxTokens / 2);
            if (work.longest() <= maxTokens || reserve >= maxTokens / 2) {
                return work.chunks();
            }
            // Some tokenizers count a text cut out of another differently: leave them that much room.
            reserve += work.longest() - maxTokens;
        }
    }

    /** @param halved whether chunks that turn out to be too long after all are cut in halves, wherever that is */
    private Composition attempt(String name, ParsedDocument document, int most, boolean halved) {
        var headers = new Headers(header, tokenizer, document.title(), most / 2);
        var work = new Composition(document, headers, tokenizer, most, halved ? maxTokens : Integer.MAX_VALUE);
        switch (policy) {
            case Chunking.ByHeadings byHeadings ->
                sections(document).forEach(section -> work.packSection(section, byHeadings.overlapTokens()));
            case Chunking.BySentences bySentences ->
                work.packSentences(document.blocks(), bySentences.overlapSentences());
            case Chunking.ByTokens byTokens -> work.window(document.blocks(), byTokens.overlapTokens());
            case Chunking.ByCode byCode -> divideCode(name, document, work);
            case Chunking.Semantic semantic ->
                work.packByMeaning(document.blocks(), semantic.minTokens(), semantic.breakpointPercentile(), vectors);
            case Chunking.Hierarchical hierarchical -> {
                if (!document.blocks().isEmpty()) {
                    work.divideTwice(document.blocks(), hierarchical.parentTokens());
                }
            }
            case Chunking.Recursive recursive -> divide(document, work);
            case Chunking.Whole whole -> divide(document, work);
        }
        return work;
    }

    private static void divide(ParsedDocument document, Composition work) {
        if (!document.blocks().isEmpty()) {
            work.divide(Outline.of(document.blocks()), Piece::then);
        }
    }

    private static void divideCode(String name, ParsedDocument document, Composition work) {
        var constructs = SourceCode.constructs(name, document.text());
        if (constructs.isEmpty() || document.blocks().isEmpty()) {
            divide(document, work);
        } else {
            var outline = Outline.of(document.text(), constructs.get(), document.blocks());
            work.divide(outline, Piece::beside);
        }
    }

    /** The blocks of each section; a heading that has subsections but no text of its own is left to their header. */
    private static List<List<Block>> sections(ParsedDocument document) {
        var sections = new ArrayList<List<Block>>();
        for (var block : document.blocks()) {
            if (sections.isEmpty() || sections.getLast().getLast().section() != block.section()) {
                sections.add(new ArrayList<>());
            }
            sections.getLast().add(block);
        }
        var kept = new ArrayList<List<Block>>();
        for (var i = 0; i < sections.size(); i++) {
            if (i + 1 == sections.size() || !isOnlyAbove(sections.get(i), sections.get(i + 1))) {
                kept.add(sections.get(i));
            }
        }
        return kept;
    }

    private static boolean isOnlyAbove(List<Block> section, List<Block> next) {
        var path = section.getFirst().headings();
        var below = next.getFirst().headings();
        return section.size() == 1
                && section.getFirst().kind() == Block.Kind.HEADING
                && below.size() > path.size()
                && below.subList(0, path.size()).equals(path);
    }
}
