package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How a search is answered where the request does not say. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RetrievalSpec(
        @JsonPropertyDescription(
                "What is compared: lexical (words, BM25), semantic (vectors) or hybrid (both). Default: hybrid.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(
                value = "self in ['hybrid', 'lexical', 'semantic']",
                message = "write hybrid, lexical or semantic")
        @Nullable
        String mode,

        @JsonPropertyDescription("How a hybrid search makes one ranking of two.") @Nullable
        Fusion fusion,

        @JsonPropertyDescription("How thoroughly vectors are compared.") @Nullable
        Semantic semantic,

        @JsonPropertyDescription("What a word counts by where it is, in the lexical ranking.") @Nullable
        Boosts boosts,

        @JsonPropertyDescription(
                "Words that mean the same, by which the lexical ranking finds too: a key of a ConfigMap, synonyms.txt where none is"
                        + " said, with a rule a line: \"tv, television\" or \"pc => personal computer\"; # begins a comment. At most"
                        + " 500 rules and 32 KiB.")
        @Nullable
        KeyReference synonymsConfigMapRef) {
    static final int MAX_RANK_CONSTANT = 10_000;
    static final int MAX_OVERSAMPLE = 8;
    static final String BOOST = "self.matches('^[1-9][0-9]?([.][0-9]{1,3})?$')";
    static final String BOOST_MESSAGE = "write a decimal number from \"1\" to \"99.999\", such as \"2\" or \"1.5\"";
    static final String WEIGHT = "self.matches('^(0|[1-9][0-9]{0,3})([.][0-9]{1,6})?$')";
    static final String WEIGHT_MESSAGE = "write a decimal number that isn't negative, such as \"0.5\"";

    /** How the lexical and the semantic ranking become one. */
    @ValidationRule(
            value = "!has(self.rankConstant) || (has(self.method) && self.method == 'rrf')",
            message = "rankConstant is only of use with method rrf: write that method, or take rankConstant out",
            fieldPath = ".rankConstant")
    @ValidationRule(
            value =
                    "!has(self.method) || self.method != 'rrf' || (!has(self.lexicalWeight) && !has(self.semanticWeight))",
            message = "weights are only of use with method weighted: write that method, or take the weights out",
            fieldPath = ".method")
    @ValidationRule(
            value = "!has(self.lexicalWeight) || !has(self.semanticWeight) || self.lexicalWeight.matches('[1-9]') ||"
                    + " self.semanticWeight.matches('[1-9]')",
            message = "write a weight above 0 for at least one of lexicalWeight and semanticWeight",
            fieldPath = ".semanticWeight")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Fusion(
            @JsonPropertyDescription(
                    "How scores are added: weighted (normalised scores) or rrf (reciprocal ranks). Default: weighted.")
            @Size(max = Rules.MAX_FIELD)
            @ValidationRule(value = "self in ['weighted', 'rrf']", message = "write weighted or rrf")
            @Nullable
            String method,

            @JsonPropertyDescription(
                    "Weight of the lexical scores, a decimal string of 0 or more; only with method weighted. Default:"
                            + " \"0.5\".")
            @Size(min = 1, max = CorpusSpec.MAX_NUMBER)
            @ValidationRule(value = WEIGHT, message = WEIGHT_MESSAGE)
            @Nullable
            String lexicalWeight,

            @JsonPropertyDescription(
                    "Weight of the semantic scores, a decimal string of 0 or more; only with method weighted. Default:"
                            + " \"0.5\".")
            @Size(min = 1, max = CorpusSpec.MAX_NUMBER)
            @ValidationRule(value = WEIGHT, message = WEIGHT_MESSAGE)
            @Nullable
            String semanticWeight,

            @JsonPropertyDescription(
                    "What is added to each rank, 1 to 10000: the higher, the less the first places count; only with"
                            + " method rrf. Default: 60.")
            @Min(1)
            @Max(MAX_RANK_CONSTANT)
            @Nullable
            Integer rankConstant) {}

    /** How thoroughly vectors are compared. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Semantic(
            @JsonPropertyDescription(
                    "Share of the ten nearest passages that a search has to find, from \"0.5\" to \"0.999\". It is measured after"
                            + " each build and once a day, see status.serving.annRecall, and searches look at as few vectors as"
                            + " reach it. Default: \"0.95\".")
            @Size(max = CorpusSpec.MAX_NUMBER)
            @ValidationRule(
                    value = "self.matches('^0[.][5-9][0-9]{0,2}$')",
                    message = "write a share from \"0.5\" to \"0.999\", such as \"0.95\"")
            @Nullable
            String recall,

            @JsonPropertyDescription(
                    "Longest time that a search of the vectors may take on average while recall is measured, 1ms to 10s; what"
                            + " takes longer is not chosen, even if nothing else reaches recall. Default: 100ms.")
            @Size(max = CorpusSpec.MAX_NUMBER)
            @ValidationRule(
                    value = "self.matches('^([1-9][0-9]{0,3}ms|10000ms|[1-9]s|10s)$')",
                    message = "write a number and a unit, from 1ms to 10s, such as 50ms")
            @Nullable
            String maxLatency,

            @JsonPropertyDescription(
                    "Of so many times as many passages as are wanted, the vectors are compared once more by all their floats: 1 (of"
                            + " none), 2, 4 or 8; only with a vectors.type that keeps less than floats, int8_hnsw or bbq_hnsw."
                            + " Default: as many as reach recall.")
            @Min(1)
            @Max(MAX_OVERSAMPLE)
            @ValidationRule(value = "self in [1, 2, 4, 8]", message = "write 1, 2, 4 or 8")
            @Nullable
            Integer oversample) {}

    /** What a word counts by where it is. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Boosts(
            @JsonPropertyDescription(
                    "In the titles and headings above a passage, as contextHeader renders them, \"1\" to \"99.999\". Default: \"2\".")
            @Size(max = CorpusSpec.MAX_NUMBER)
            @ValidationRule(value = BOOST, message = BOOST_MESSAGE)
            @Nullable
            String context,

            @JsonPropertyDescription("In the passage itself, \"1\" to \"99.999\". Default: \"1\".")
            @Size(max = CorpusSpec.MAX_NUMBER)
            @ValidationRule(value = BOOST, message = BOOST_MESSAGE)
            @Nullable
            String text) {}
}
