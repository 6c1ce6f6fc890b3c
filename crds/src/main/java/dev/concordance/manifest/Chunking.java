package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * How a document's text is cut into chunks. Every size is in tokens of the generation's embedding model, special tokens
 * not counted; a declared maximum includes the rendered context header, so that what is embedded never exceeds it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "strategy")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Chunking.ByHeadings.class, name = "headings"),
    @JsonSubTypes.Type(value = Chunking.BySentences.class, name = "sentences"),
    @JsonSubTypes.Type(value = Chunking.ByTokens.class, name = "tokens"),
    @JsonSubTypes.Type(value = Chunking.Recursive.class, name = "recursive"),
    @JsonSubTypes.Type(value = Chunking.ByCode.class, name = "code"),
    @JsonSubTypes.Type(value = Chunking.Hierarchical.class, name = "hierarchical"),
    @JsonSubTypes.Type(value = Chunking.Semantic.class, name = "semantic"),
    @JsonSubTypes.Type(value = Chunking.Whole.class, name = "whole")
})
public sealed interface Chunking {
    /** The most tokens that one chunk's embedded text, context header included, may have. */
    int maxTokens();

    /** Template of the line that is put before a chunk's text for embedding and matching; empty for none. */
    String contextHeader();

    /** Along the sections of a structured document, never across one; sections longer than the maximum are divided. */
    record ByHeadings(int maxTokens, int overlapTokens, String contextHeader) implements Chunking {}

    /** Whole sentences packed up to the maximum; the last {@code overlapSentences} of a chunk open the next one. */
    record BySentences(int maxTokens, int overlapSentences, String contextHeader) implements Chunking {}

    /** Windows of a fixed number of tokens, {@code overlapTokens} of them shared with the window before. */
    record ByTokens(int maxTokens, int overlapTokens, String contextHeader) implements Chunking {}

    /** At the highest borders of the document first, and further down only where a part is longer than the maximum. */
    record Recursive(int maxTokens, String contextHeader) implements Chunking {}

    /** At the borders of source code's definitions; a document that is no source code is divided as {@link Recursive} does. */
    record ByCode(int maxTokens, String contextHeader) implements Chunking {}

    /**
     * Small chunks for searching, each in a parent of at most {@code parentTokens} that is shown in its place; both are divided as
     * {@link Recursive} does.
     */
    record Hierarchical(int parentTokens, int maxTokens, String contextHeader) implements Chunking {
        /** At most so many chunks have the same parent: of two beside each other, both are more than one could hold. */
        public int mostSiblings(int modelTokens) {
            return 4 * parentTokens / Math.min(maxTokens, modelTokens) + 2;
        }
    }

    /**
     * Whole sentences up to the maximum, cut where the meaning of neighbouring ones differs most.
     *
     * @param breakpointPercentile of a document's distances between neighbours, the one above which each is a cut; 1 to 99
     */
    record Semantic(int maxTokens, int minTokens, int breakpointPercentile, String contextHeader) implements Chunking {}

    /** A document is a chunk; one that the model can't take at once is divided as {@link Recursive} does. */
    record Whole(String contextHeader) implements Chunking {
        @Override
        public int maxTokens() {
            return Integer.MAX_VALUE;
        }
    }
}
