package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What has to happen before another generation is built and serves, and what becomes of the one before. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CorpusRelease(
        @JsonPropertyDescription(
                "Automatic: a generation that a change needs is built at once, unless its plan exceeds budget.perPlan or the"
                        + " disks. Manual: nothing is built before the annotation concordance.dev/approve-plan names the digest"
                        + " of the plan, as status.plan and the condition PlanAdmitted tell it. A first generation is no change and"
                        + " waits for nobody. Default: Automatic.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = "self in ['Automatic', 'Manual']", message = "write Automatic or Manual")
        @Nullable
        String approval,

        @JsonPropertyDescription(
                "How long the generation that served before stays and is kept as fresh as the live one (to a minute), so that"
                        + " going back loses nothing: a number and a unit (s, m, h, d), at most 30d. Meanwhile sources are read for"
                        + " both, and new texts embedded for both. After it, index.retainedGenerations of them are kept as they"
                        + " are. 0s: none is kept fresh. Default: 1h.")
        @Size(max = CorpusSpec.MAX_NUMBER)
        @ValidationRule(
                value = "self.matches('^(0s|[1-9][0-9]{0,4}(s|m|h)|[12]?[1-9]d|[123]0d)$')",
                message = "write a number and a unit, at most 30d, such as 30m, 24h or 7d; or 0s")
        @Nullable
        String soak) {}
