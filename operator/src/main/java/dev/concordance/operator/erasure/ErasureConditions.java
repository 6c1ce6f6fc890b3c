package dev.concordance.operator.erasure;

import dev.concordance.api.v1alpha1.ErasureStatus;
import dev.concordance.manifest.ErasureReport;
import dev.concordance.operator.erasure.ErasureObservation.Obstacle;
import dev.concordance.operator.erasure.ErasureObservation.Stored;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Truth;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells what was seen of an Erasure, and what is done about it, as conditions. */
final class ErasureConditions {
    static final String COMPLETE = "Complete";
    private static final int NAMED = 3;

    private ErasureConditions() {}

    static List<Finding> of(ErasureObservation seen, ErasurePlan plan, List<ErasureStatus.Pending> pending) {
        var why = plan.why().or(() -> unsigned(seen));
        var stalled = plan.stalled() || plan.why().isEmpty() && why.isPresent();
        if (why.isEmpty()) {
            return List.of(
                    Finding.of(Conditions.READY, Truth.TRUE, ErasureReason.Verified, verified(seen)),
                    Finding.of(Conditions.RECONCILING, Truth.FALSE, ErasureReason.Settled),
                    Finding.of(Conditions.STALLED, Truth.FALSE, ErasureReason.Settled),
                    complete(pending));
        }
        var reason = why.get();
        var isPaused = reason.reason().equals(ErasureReason.Paused.name());
        return List.of(
                new Finding(Conditions.READY, Truth.FALSE, reason.reason(), reason.message()),
                finding(Conditions.RECONCILING, !stalled && !isPaused, reason),
                finding(Conditions.STALLED, stalled, reason),
                plan.phase() == ErasurePlan.Phase.Verified
                        ? complete(pending)
                        : Finding.of(COMPLETE, Truth.FALSE, ErasureReason.NotErasedYet));
    }

    private static Finding finding(String type, boolean holds, Obstacle why) {
        return holds
                ? new Finding(type, Truth.TRUE, why.reason(), why.message())
                : Finding.of(type, Truth.FALSE, ErasureReason.Settled);
    }

    private static Optional<Obstacle> unsigned(ErasureObservation seen) {
        return seen.key() instanceof SigningKey.Unusable(var why)
                ? Optional.of(new Obstacle(
                        ErasureReason.SigningKeyMissing.name(), ErasureReason.SigningKeyMissing.message(why)))
                : Optional.empty();
    }

    private static Object[] verified(ErasureObservation seen) {
        var answered = (Stored.Answered) seen.stored();
        var sameText = answered.report()
                .map(ErasureReport::search)
                .map(ErasureReport.Search::sameText)
                .filter(count -> count > 0)
                .map(count -> "; %d passages of other documents say word for word the same".formatted(count))
                .orElse("");
        return new Object[] {
            answered.report().map(ErasureReport::matched).orElse(0L),
            answered.indexes().size(),
            sameText
        };
    }

    private static Finding complete(List<ErasureStatus.Pending> pending) {
        if (pending.isEmpty()) {
            return Finding.of(COMPLETE, Truth.TRUE, ErasureReason.NothingPending);
        }
        var names = pending.stream()
                .limit(NAMED)
                .map(one -> one.name() + (one.expires() == null ? "" : " until " + one.expires()))
                .collect(Collectors.joining(", "));
        var others = pending.size() > NAMED ? " and others" : "";
        return Finding.of(COMPLETE, Truth.FALSE, ErasureReason.StillHeld, names + others);
    }
}
