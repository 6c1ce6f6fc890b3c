package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What may be spent without asking anybody. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CorpusBudget(
        @JsonPropertyDescription("What the plan of a change may cost. Default: no bound.") @Nullable
        PerPlan perPlan) {
    static final String MONEY = "self.matches('^(0|[1-9][0-9]{0,8})([.][0-9]{1,6})?$')";
    static final String MONEY_MESSAGE = "write an amount in decimal notation that isn't negative, such as \"20.00\"";

    /** What one plan may cost. */
    @ValidationRule(
            value = "has(self.money) || has(self.tokens)",
            message = "write money, tokens or both, or leave perPlan out")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PerPlan(
            @JsonPropertyDescription(
                    "Money, in the currency of the model's price: a plan that costs more waits for approval, whatever"
                            + " release.approval says. A model without a price costs nothing. Default: no bound.")
            @Size(min = 1, max = CorpusSpec.MAX_NUMBER)
            @ValidationRule(value = MONEY, message = MONEY_MESSAGE)
            @Nullable
            String money,

            @JsonPropertyDescription("Tokens that go through the model, likewise. Default: no bound.")
            @Min(0)
            @Max(IngestionRunSpec.MAX_COUNT)
            @Nullable
            Long tokens) {}
}
