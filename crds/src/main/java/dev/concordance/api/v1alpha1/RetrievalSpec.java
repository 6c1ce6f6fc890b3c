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
        Fusion fusion) {
    static final int MAX_RANK_CONSTANT = 10_000;
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
}
