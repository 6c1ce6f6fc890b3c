package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A change of a condition's status or reason. Conditions that change for the same reason are told of once. */
public record Transition(String type, String status, String reason, String message) {
    private static final Set<String> GOOD_WHEN_FALSE = Set.of(Conditions.STALLED, Conditions.RECONCILING);

    /** The transitions from one list of conditions to the next. */
    static List<Transition> between(@Nullable List<Condition> before, @Nullable List<Condition> after) {
        var transitions = new ArrayList<Transition>();
        var told = new LinkedHashSet<String>();
        if (after == null) {
            return transitions;
        }
        for (var condition : after) {
            var old = Conditions.find(before, condition.getType());
            var same = old.isPresent()
                    && Objects.equals(old.get().getStatus(), condition.getStatus())
                    && Objects.equals(old.get().getReason(), condition.getReason());
            if (!same && told.add(condition.getReason())) {
                transitions.add(new Transition(
                        condition.getType(), condition.getStatus(), condition.getReason(), condition.getMessage()));
            }
        }
        return transitions;
    }

    /** Whether a person should look at it. */
    boolean isWarning() {
        return GOOD_WHEN_FALSE.contains(type)
                ? type.equals(Conditions.STALLED) && Truth.TRUE.status().equals(status)
                : Truth.FALSE.status().equals(status);
    }

    /** Whether it is worth an Event: what has just begun and is not known yet is none. */
    boolean isNews() {
        return !Truth.UNKNOWN.status().equals(status)
                && !(GOOD_WHEN_FALSE.contains(type) && Truth.FALSE.status().equals(status));
    }
}
