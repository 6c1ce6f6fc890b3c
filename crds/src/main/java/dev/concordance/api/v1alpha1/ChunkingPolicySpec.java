package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** Exactly one strategy with its sizes, in tokens of the corpus's embedding model. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChunkingPolicySpec(
        @Nullable Headings headings,
        @Nullable Sentences sentences,
        @Nullable Tokens tokens) {

    /** Along headings, never across a section. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Headings(
            @Nullable Integer maxTokens,
            @Nullable Integer overlapTokens,
            @Nullable String contextHeader) {}

    /** Whole sentences up to a size. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Sentences(
            @Nullable Integer maxTokens,
            @Nullable Integer overlapSentences,
            @Nullable String contextHeader) {}

    /** Windows of a fixed number of tokens. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Tokens(
            @Nullable Integer maxTokens,
            @Nullable Integer overlapTokens,
            @Nullable String contextHeader) {}
}
