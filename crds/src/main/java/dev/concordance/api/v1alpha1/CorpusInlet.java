package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import org.jspecify.annotations.Nullable;

/** The pods that take pushed documents. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CorpusInlet(
        @JsonPropertyDescription("How many pods, 1 to 100; each can take any document. Default: 1.")
        @Min(1)
        @Max(MAX_PODS)
        @Nullable
        Integer replicas,

        @JsonPropertyDescription(
                "Resources of the pods. Default: requests of 200m cpu and 512Mi memory, a limit of 1Gi memory.")
        @ValidationRule(value = Rules.REQUESTS_WITHIN_LIMITS, message = Rules.REQUESTS_WITHIN_LIMITS_MESSAGE)
        @Nullable
        ResourceRequirements resources) {
    static final int MAX_PODS = 100;
}
