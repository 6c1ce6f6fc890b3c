package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Exactly one strategy with its sizes, in tokens of the corpus's embedding model. */
@JsonClassDescription(
        "The strategy, exactly one of headings, sentences, tokens, recursive and whole. Sizes are counted in tokens of"
                + " the embedding model of the Corpus that uses the policy; a change rebuilds the index of each such Corpus beside the live one.")
@ValidationRule(
        value =
                "[has(self.headings), has(self.sentences), has(self.tokens), has(self.recursive), has(self.whole)].exists_one(set, set)",
        message = "set exactly one of headings, sentences, tokens, recursive and whole")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChunkingPolicySpec(
        @JsonPropertyDescription(
                "Cuts along the document's headings: a chunk never crosses the border of a section, and a section"
                        + " that is longer than maxTokens is divided. For Markdown and HTML; text without headings is one section."
                        + " What holds for a Corpus without a policy is this strategy with its defaults.")
        @Nullable
        Headings headings,

        @JsonPropertyDescription("Packs whole sentences up to maxTokens. For prose without headings.") @Nullable
        Sentences sentences,

        @JsonPropertyDescription(
                "Cuts windows of maxTokens tokens, wherever sentences end. For text that has no structure to keep.")
        @Nullable
        Tokens tokens,

        @JsonPropertyDescription(
                "Divides at the highest headings first, then at lower ones, paragraphs and sentences, each only where a"
                        + " part is longer than maxTokens; parts that fit into one chunk together stay together. For"
                        + " documents of many short sections.")
        @Nullable
        Recursive recursive,

        @JsonPropertyDescription(
                "Divides nothing: a document is one chunk. One that is longer than what the embedding model takes is"
                        + " divided as by recursive. For short documents, such as answers or product texts.")
        @Nullable
        Whole whole,

        @JsonPropertyDescription(
                "What is looked for in each document before anything of it is embedded or stored, and what"
                        + " is done about it. Default: documents are taken as they are.")
        @Nullable
        PrivacyTransforms privacy) {
    static final int MIN_TOKENS = 16;
    static final int MAX_TOKENS = 8192;
    static final int MAX_OVERLAP = 4096;
    static final int MAX_OVERLAP_SENTENCES = 20;
    static final int MAX_HEADER = 512;

    static final String MAX_TOKENS_DESCRIPTION = "Most tokens of one chunk, its context header included; 16 to 8192."
            + " Default: 256. Where the embedding model takes fewer, its limit counts.";
    static final String OVERLAP_DESCRIPTION =
            "Tokens that a chunk shares with the one before it; less than maxTokens. Default: 32. 0 for none.";
    static final String TITLE_DESCRIPTION =
            "Line that is put before a chunk's text for embedding and matching, not shown as text of a hit. {title} and"
                    + " {headings} are replaced. Default: \"{title}\". \"\" for none.";

    /** How documents are cut. */
    public sealed interface Strategy {}

    /** Along headings, never across a section. */
    @ValidationRule(value = Rules.OVERLAP, message = Rules.OVERLAP_MESSAGE, fieldPath = ".overlapTokens")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Headings(
            @JsonPropertyDescription(MAX_TOKENS_DESCRIPTION) @Min(MIN_TOKENS) @Max(MAX_TOKENS) @Nullable
            Integer maxTokens,

            @JsonPropertyDescription(
                    "Tokens that the parts of a divided section share; less than maxTokens. Default: 32. 0 for none.")
            @Min(0)
            @Max(MAX_OVERLAP)
            @Nullable
            Integer overlapTokens,

            @JsonPropertyDescription(
                    "Line that is put before a chunk's text for embedding and matching, not shown as text of a hit."
                            + " {title} and {headings} are replaced. Default: \"{title} > {headings}\". \"\" for none.")
            @Size(max = MAX_HEADER)
            @ValidationRule(value = Rules.CONTEXT_HEADER, message = Rules.CONTEXT_HEADER_MESSAGE)
            @Nullable
            String contextHeader)
            implements Strategy {}

    /** Whole sentences up to a size. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Sentences(
            @JsonPropertyDescription(MAX_TOKENS_DESCRIPTION) @Min(MIN_TOKENS) @Max(MAX_TOKENS) @Nullable
            Integer maxTokens,

            @JsonPropertyDescription("Sentences that a chunk repeats of the one before it; 0 to 20. Default: 1.")
            @Min(0)
            @Max(MAX_OVERLAP_SENTENCES)
            @Nullable
            Integer overlapSentences,

            @JsonPropertyDescription(TITLE_DESCRIPTION)
            @Size(max = MAX_HEADER)
            @ValidationRule(value = Rules.CONTEXT_HEADER, message = Rules.CONTEXT_HEADER_MESSAGE)
            @Nullable
            String contextHeader)
            implements Strategy {}

    /** Windows of a fixed number of tokens. */
    @ValidationRule(value = Rules.OVERLAP, message = Rules.OVERLAP_MESSAGE, fieldPath = ".overlapTokens")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Tokens(
            @JsonPropertyDescription(MAX_TOKENS_DESCRIPTION) @Min(MIN_TOKENS) @Max(MAX_TOKENS) @Nullable
            Integer maxTokens,

            @JsonPropertyDescription(OVERLAP_DESCRIPTION) @Min(0) @Max(MAX_OVERLAP) @Nullable
            Integer overlapTokens,

            @JsonPropertyDescription(TITLE_DESCRIPTION)
            @Size(max = MAX_HEADER)
            @ValidationRule(value = Rules.CONTEXT_HEADER, message = Rules.CONTEXT_HEADER_MESSAGE)
            @Nullable
            String contextHeader)
            implements Strategy {}

    /** At the highest borders first. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Recursive(
            @JsonPropertyDescription(MAX_TOKENS_DESCRIPTION) @Min(MIN_TOKENS) @Max(MAX_TOKENS) @Nullable
            Integer maxTokens,

            @JsonPropertyDescription(TITLE_DESCRIPTION)
            @Size(max = MAX_HEADER)
            @ValidationRule(value = Rules.CONTEXT_HEADER, message = Rules.CONTEXT_HEADER_MESSAGE)
            @Nullable
            String contextHeader)
            implements Strategy {}

    /** No division. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Whole(
            @JsonPropertyDescription(TITLE_DESCRIPTION)
            @Size(max = MAX_HEADER)
            @ValidationRule(value = Rules.CONTEXT_HEADER, message = Rules.CONTEXT_HEADER_MESSAGE)
            @Nullable
            String contextHeader)
            implements Strategy {}
}
