package dev.concordance.operator.plan;

import dev.concordance.impact.Cause;
import dev.concordance.impact.Impact;
import dev.concordance.manifest.Fingerprint;
import java.util.List;

/**
 * What a change takes.
 *
 * @param digest of what serves and of what is declared: the same for the same change, however much there is to do
 * @param causes what differs
 */
public record ChangePlan(String digest, Impact impact, List<Cause> causes, Workload work) {
    public ChangePlan {
        causes = List.copyOf(causes);
    }

    /** The digest of the plan that makes a generation with the digest {@code declared} of one with {@code live}. */
    public static String digest(String live, String declared) {
        return new Fingerprint("plan/1")
                .with("live", live)
                .with("declared", declared)
                .digest();
    }
}
