package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What a source may be asked for by the runs of a corpus together. */
@ValidationRule(
        value = "has(self.requestsPerMinute) || has(self.bytesPerSecond)",
        message = "write requestsPerMinute, or bytesPerSecond where a source has it, or leave rateLimit out")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RateLimit(
        @JsonPropertyDescription(
                "Most requests a minute, 1 to 1000000, spread evenly; repeated ones count. Default: no limit.")
        @Min(1)
        @Max(MAX_REQUESTS)
        @Nullable
        Integer requestsPerMinute,

        @JsonPropertyDescription(
                "Most bytes of documents a second: a number and a unit, at least 1Ki. Default: no limit. Example: 10Mi")
        @Size(max = CorpusSpec.MAX_NUMBER)
        @ValidationRule(
                value =
                        "self.matches('^[1-9][0-9]{0,9}(Ki|Mi|Gi|k|M|G)?$') && quantity(self).compareTo(quantity('1Ki')) >= 0",
                message = "write a number and a unit, at least 1Ki, such as 512Ki or 10Mi")
        @Nullable
        String bytesPerSecond) {
    static final int MAX_REQUESTS = 1_000_000;
}
