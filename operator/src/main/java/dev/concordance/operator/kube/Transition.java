package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change of a condition's status or reason. Conditions that change for the same reason are told of once.
 *
 * @param first whether nothing was known of the condition before
 */
public record Transition(String type, String status, String reason, String message, boolean first) {
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
                var first = old.map(Condition::getStatus)
                        .filter(status -> !Truth.UNKNOWN.status().equals(status))
                        .isEmpty();
                transitions.add(new Transition(
                        condition.getType(),
                        condition.getStatus(),
                        condition.getReason(),
                        condition.getMessage(),
                        first));
            }
        }
        return transitions;
    }

    /** Whether a person should look at it; {@code routine} are the reasons that say that work goes on. */
    boolean isWarning(Set<String> routine) {
        return GOOD_WHEN_FALSE.contains(type)
                ? type.equals(Conditions.STALLED) && Truth.TRUE.status().equals(status)
                : Truth.FALSE.status().equals(status) && !routine.contains(reason);
    }

    /** Whether it is worth an Event: what is not known yet is none, nor that a part of the whole is well from the start. */
    boolean isNews() {
        if (Truth.UNKNOWN.status().equals(status)) {
            return false;
        }
        if (GOOD_WHEN_FALSE.contains(type)) {
            return Truth.TRUE.status().equals(status);
        }
        return type.equals(Conditions.READY) || !first || Truth.FALSE.status().equals(status);
    }
}
