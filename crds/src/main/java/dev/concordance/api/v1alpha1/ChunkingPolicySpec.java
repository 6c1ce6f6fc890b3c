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
        "The strategy, exactly one of headings, sentences, tokens, recursive, code, hierarchical, semantic and whole. Sizes are counted in tokens of"
                + " the embedding model of the Corpus that uses the policy; a change rebuilds the index of each such Corpus beside the live one.")
@ValidationRule(
        value =
                "[has(self.headings), has(self.sentences), has(self.tokens), has(self.recursive), has(self.code), has(self.hierarchical), has(self.semantic), has(self.whole)].exists_one(set, set)",
        message = "set exactly one of headings, sentences, tokens, recursive, code, hierarchical, semantic and whole")
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
                "Divides source code at its classes, functions and other definitions: none that fits is cut, and small neighbours"
                        + " stay together. {headings} are the signatures of the definitions around a chunk. The language is known by the file's name:"
                        + " Java, Python, Go, JavaScript, TypeScript, C, C++, Rust, SQL and shell. Other files are divided as by"
                        + " recursive, and code whose brackets don't match at empty lines and line ends.")
        @Nullable
        Code code,

        @JsonPropertyDescription(
                "Searches small chunks and shows longer ones: a document is divided as by recursive into parents of up to"
                        + " parentTokens, and these into chunks of up to childTokens. Chunks are embedded and searched; a hit has the"
                        + " text of its parent, in which match says where the chunk is, and each parent is one hit. For answers that"
                        + " need what is around them.")
        @Nullable
        Hierarchical hierarchical,

        @JsonPropertyDescription(
                "Packs whole sentences and cuts where the meaning changes, as the embedding model sees it: where the"
                        + " two sentences before are farther from the two after than breakpointPercentile of all such pairs in the"
                        + " document, and where a part would be longer than maxTokens at its greatest distance. Each two sentences"
                        + " are embedded for it, which takes about twice as long as embedding the document. For long prose that"
                        + " changes its subject without headings.")
        @Nullable
        Semantic semantic,

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
    static final int MAX_CHILD_TOKENS = 2048;
    static final int MAX_OVERLAP = 4096;
    static final int MAX_OVERLAP_SENTENCES = 20;
    static final int MAX_HEADER = 512;

    static final String MAX_TOKENS_DESCRIPTION = "Most tokens of one chunk, its context header included; 16 to 8192."
            + " Default: 256. Where the embedding model takes fewer, its limit counts.";
    static final String OVERLAPPING_MAX_TOKENS_DESCRIPTION = "Most tokens of one chunk, its context header included;"
            + " 16 to 8192. Default: 256, or twice overlapTokens if that is more. Where the embedding model takes fewer, its limit counts.";
    static final String OVERLAP_DESCRIPTION =
            "Tokens that a chunk shares with the one before it; less than maxTokens. Default: an eighth of maxTokens. 0 for none.";
    static final String TITLE_DESCRIPTION =
            "Line that is put before a chunk's text for embedding and matching, not shown as text of a hit. {title} and"
                    + " {headings} are replaced. Default: \"{title}\". \"\" for none.";

    static final String HEADINGS_DESCRIPTION =
            "Line that is put before a chunk's text for embedding and matching, not shown as text of a hit. {title} and"
                    + " {headings} are replaced. Default: \"{title} > {headings}\". \"\" for none.";

    /** How documents are cut. */
    public sealed interface Strategy {}

    /** Along headings, never across a section. */
    @ValidationRule(value = Rules.OVERLAP, message = Rules.OVERLAP_MESSAGE, fieldPath = ".overlapTokens")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Headings(
            @JsonPropertyDescription(OVERLAPPING_MAX_TOKENS_DESCRIPTION) @Min(MIN_TOKENS) @Max(MAX_TOKENS) @Nullable
            Integer maxTokens,

            @JsonPropertyDescription(
                    "Tokens that the parts of a divided section share; less than maxTokens. Default: an eighth of maxTokens. 0 for none.")
            @Min(0)
            @Max(MAX_OVERLAP)
            @Nullable
            Integer overlapTokens,

            @JsonPropertyDescription(HEADINGS_DESCRIPTION)
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
            @JsonPropertyDescription(OVERLAPPING_MAX_TOKENS_DESCRIPTION) @Min(MIN_TOKENS) @Max(MAX_TOKENS) @Nullable
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

    /** At the borders of definitions. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Code(
            @JsonPropertyDescription(MAX_TOKENS_DESCRIPTION) @Min(MIN_TOKENS) @Max(MAX_TOKENS) @Nullable
            Integer maxTokens,

            @JsonPropertyDescription(HEADINGS_DESCRIPTION)
            @Size(max = MAX_HEADER)
            @ValidationRule(value = Rules.CONTEXT_HEADER, message = Rules.CONTEXT_HEADER_MESSAGE)
            @Nullable
            String contextHeader)
            implements Strategy {}

    /** Small chunks in longer ones. */
    @ValidationRule(value = Rules.CHILD, message = Rules.CHILD_MESSAGE, fieldPath = ".childTokens")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Hierarchical(
            @JsonPropertyDescription(
                    "Most tokens of a parent, which is shown and not embedded, so that it may be longer than what the"
                            + " embedding model takes; 16 to 8192. Default: 512, or four times childTokens if that is more.")
            @Min(MIN_TOKENS)
            @Max(MAX_TOKENS)
            @Nullable
            Integer parentTokens,

            @JsonPropertyDescription(
                    "Most tokens of a chunk, its context header included; 16 to 2048, at most parentTokens. Default: 128, or"
                            + " parentTokens if that is less. Where the embedding model takes fewer, its limit counts.")
            @Min(MIN_TOKENS)
            @Max(MAX_CHILD_TOKENS)
            @Nullable
            Integer childTokens,

            @JsonPropertyDescription(HEADINGS_DESCRIPTION)
            @Size(max = MAX_HEADER)
            @ValidationRule(value = Rules.CONTEXT_HEADER, message = Rules.CONTEXT_HEADER_MESSAGE)
            @Nullable
            String contextHeader)
            implements Strategy {}

    /** Where the meaning changes. */
    @ValidationRule(value = Rules.MIN_TOKENS, message = Rules.MIN_TOKENS_MESSAGE, fieldPath = ".minTokens")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Semantic(
            @JsonPropertyDescription(MAX_TOKENS_DESCRIPTION) @Min(MIN_TOKENS) @Max(MAX_TOKENS) @Nullable
            Integer maxTokens,

            @JsonPropertyDescription(
                    "Tokens below which a chunk is not ended, however much the meaning changes; at most half of maxTokens."
                            + " Default: a quarter of maxTokens. 0 for none.")
            @Min(0)
            @Max(MAX_OVERLAP)
            @Nullable
            Integer minTokens,

            @JsonPropertyDescription(
                    "Percentile of the document's distances between the sentences before and after a border above which each is a border; 1 to"
                            + " 99. Default: 95. Lower for more and shorter chunks.")
            @Min(1)
            @Max(99)
            @Nullable
            Integer breakpointPercentile,

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
