package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.operator.corpus.CorpusObservation.Backend.Answered;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Truth;
import dev.concordance.operator.tracer.Trace;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells whether searches find the tracer. */
record TracerCondition(CorpusObservation seen) {
    /** That they don't. While that isn't certain, or nobody can look, it is as it was told before. */
    Optional<Finding> missing() {
        if (!isDeclared()) {
            return Optional.empty();
        }
        if (seen.answered().isEmpty()) {
            return toldBefore();
        }
        var trace = seen.answered().flatMap(Answered::trace).filter(Trace::isMissed);
        return trace.isEmpty() || trace.get().isMissing(seen.now())
                ? trace.map(TracerCondition::finding)
                : toldBefore();
    }

    /** As the status tells it; null: there is nothing to tell. */
    CorpusStatus.@Nullable Tracer status() {
        if (!isDeclared()) {
            return null;
        }
        var before = seen.previous().map(CorpusStatus::freshness).map(CorpusStatus.Freshness::tracer);
        if (seen.answered().isEmpty()) {
            return before.orElse(null);
        }
        var trace = seen.answered().flatMap(Answered::trace);
        return trace.isEmpty()
                ? null
                : trace.get()
                        .foundAsOf()
                        .map(found -> new CorpusStatus.Tracer(
                                found.truncatedTo(ChronoUnit.SECONDS).toString()))
                        .or(() -> before)
                        .orElse(null);
    }

    /** Whether these conditions tell that it is missing. */
    static boolean isMissing(@Nullable List<Condition> conditions) {
        return Conditions.find(conditions, CorpusConditions.FRESH)
                .filter(told -> CorpusReason.TracerMissing.name().equals(told.getReason()))
                .isPresent();
    }

    private boolean isDeclared() {
        return seen.declaration().valid().filter(CorpusDeclaration::traced).isPresent();
    }

    private static Finding finding(Trace trace) {
        var claim = trace.claim();
        return Finding.of(
                CorpusConditions.FRESH,
                Truth.FALSE,
                CorpusReason.TracerMissing,
                claim.generation(),
                CorpusConditions.seconds(claim.tracedAt()),
                claim.alias(),
                trace.contrast(),
                claim.index());
    }

    private Optional<Finding> toldBefore() {
        var before = seen.previous().map(CorpusStatus::conditions).orElse(null);
        return isMissing(before)
                ? Conditions.find(before, CorpusConditions.FRESH)
                        .map(told ->
                                new Finding(CorpusConditions.FRESH, Truth.FALSE, told.getReason(), told.getMessage()))
                : Optional.empty();
    }
}
