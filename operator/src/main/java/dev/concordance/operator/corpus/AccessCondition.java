package dev.concordance.operator.corpus;

import dev.concordance.manifest.GenerationState;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Truth;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells whether it is known lately enough who may see which document.
 *
 * @param progress what runs do
 */
record AccessCondition(CorpusObservation seen, Supplier<String> progress) {
    static final String TYPE = "AccessApplied";

    Finding finding(CorpusPlan plan) {
        if (seen.declaration().valid().isEmpty()) {
            return Finding.of(TYPE, Truth.UNKNOWN, CorpusReason.Undecided);
        }
        if (declared().isEmpty()) {
            return Finding.of(TYPE, Truth.TRUE, CorpusReason.EverybodySees);
        }
        var state = plan.generations().flatMap(Generations::live).flatMap(StoredGeneration::state);
        var hidden = state.map(GenerationState::hidden);
        if (hidden.isEmpty()) {
            return Finding.of(TYPE, Truth.UNKNOWN, CorpusReason.Undecided);
        }
        var asOf = state.get().freshAsOf();
        return isStale(asOf)
                ? stale(TYPE, asOf)
                : Finding.of(
                        TYPE,
                        Truth.TRUE,
                        CorpusReason.AccessFollows,
                        CorpusConditions.seconds(asOf),
                        unseen(hidden.get().documents()));
    }

    /** Whether searches are refused, since access lists as of this moment are too old. */
    boolean isStale(Instant freshAsOf) {
        return declared()
                .filter(access -> access.staleAt(freshAsOf).isBefore(seen.now()))
                .isPresent();
    }

    /** That they are, as a condition of this type. */
    Finding stale(String type, Instant freshAsOf) {
        return Finding.of(
                type,
                Truth.FALSE,
                CorpusReason.AccessStale,
                CorpusConditions.seconds(freshAsOf),
                CorpusConditions.text(declared().orElseThrow().maxStaleness()),
                progress.get());
    }

    private Optional<DeclaredAccess> declared() {
        return seen.declaration().valid().flatMap(CorpusDeclaration::access);
    }

    private static String unseen(long documents) {
        return documents == 0
                ? ""
                : "; " + documents
                        + " are seen by nobody, since they don't say readably by whom: status.hidden names some";
    }
}
