package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Truth;
import java.util.Arrays;

/** Tells whether documents can be pushed. */
record InletCondition(CorpusObservation seen) {
    static final String TYPE = "InletAvailable";

    Finding finding() {
        var declared = seen.declaration().valid();
        if (declared.isEmpty()) {
            return Finding.of(TYPE, Truth.UNKNOWN, CorpusReason.Undecided);
        }
        return declared.get()
                .inlet()
                .map(inlet ->
                        seen.inlet().state().map(state -> of(state, inlet)).orElseGet(this::before))
                .orElseGet(() -> Finding.of(TYPE, Truth.TRUE, CorpusReason.NothingPushed));
    }

    private static Finding of(InletState state, DeclaredInlet declared) {
        if (state.taken().isPresent()) {
            return Finding.of(
                    TYPE, Truth.FALSE, CorpusReason.NameTaken, state.taken().get());
        }
        return state.ready() > 0
                ? Finding.of(TYPE, Truth.TRUE, CorpusReason.InletReady, state.ready(), declared.replicas())
                : Finding.of(TYPE, Truth.FALSE, CorpusReason.InletUnavailable, declared.replicas());
    }

    /** An operator that has just started leaves what the one before has told. */
    private Finding before() {
        return Conditions.find(seen.previous().map(CorpusStatus::conditions).orElse(null), TYPE)
                .filter(told -> !told.getReason().equals(CorpusReason.NothingPushed.name()))
                .map(told -> new Finding(TYPE, truth(told.getStatus()), told.getReason(), told.getMessage()))
                .orElseGet(() -> Finding.of(TYPE, Truth.UNKNOWN, CorpusReason.Undecided));
    }

    private static Truth truth(String status) {
        return Arrays.stream(Truth.values())
                .filter(truth -> truth.status().equals(status))
                .findFirst()
                .orElse(Truth.UNKNOWN);
    }
}
