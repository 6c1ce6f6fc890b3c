package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How long to wait before the next try: half as long again as the trouble has lasted, so that waits grow by themselves. */
public final class Patience {
    private Patience() {}

    /** The wait after trouble that began at {@code since}. */
    public static Duration growing(Instant since, Instant now, Duration least, Duration most) {
        var half = Duration.between(since, now).dividedBy(2);
        var atLeast = half.compareTo(least) < 0 ? least : half;
        return atLeast.compareTo(most) > 0 ? most : atLeast;
    }

    /** Since when the condition of this type is as it is; {@code now} where there is none. */
    public static Instant since(@Nullable List<Condition> conditions, String type, Instant now) {
        return Conditions.find(conditions, type)
                .map(condition -> Instant.parse(condition.getLastTransitionTime()))
                .orElse(now);
    }
}
