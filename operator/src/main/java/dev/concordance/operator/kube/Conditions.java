package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes conditions of findings: {@code lastTransitionTime} moves when, and only when, the status does. */
public final class Conditions {
    /** The desired state is reached and holds. */
    public static final String READY = "Ready";

    /** Work is going on towards the desired state. */
    public static final String RECONCILING = "Reconciling";

    /** Nothing will happen until somebody changes something. */
    public static final String STALLED = "Stalled";

    private Conditions() {}

    /** The conditions for these findings, in their order. */
    public static List<Condition> of(
            @Nullable List<Condition> previous, List<Finding> findings, @Nullable Long generation, Instant now) {
        return findings.stream()
                .map(finding -> condition(finding, find(previous, finding.type()), generation, now))
                .toList();
    }

    /** The condition of this type. */
    public static Optional<Condition> find(@Nullable List<Condition> conditions, String type) {
        return conditions == null
                ? Optional.empty()
                : conditions.stream()
                        .filter(condition -> type.equals(condition.getType()))
                        .findFirst();
    }

    /** Whether the condition of this type is {@code True}. */
    public static boolean isTrue(@Nullable List<Condition> conditions, String type) {
        return find(conditions, type)
                .map(condition -> Truth.TRUE.status().equals(condition.getStatus()))
                .orElse(false);
    }

    private static Condition condition(
            Finding finding, Optional<Condition> previous, @Nullable Long generation, Instant now) {
        var since = previous.filter(old -> finding.truth().status().equals(old.getStatus()))
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(finding.type())
                .withStatus(finding.truth().status())
                .withReason(finding.reason())
                .withMessage(finding.message())
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build();
    }
}
