package dev.concordance.operator.corpus;

import dev.concordance.manifest.Withheld;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Truth;
import java.util.Optional;

/** Tells whether what has disappeared from its sources is not searchable any more. */
record DeletionsCondition(CorpusObservation seen, Optional<Generations> generations) {
    static final String DELETIONS_APPLIED = "DeletionsApplied";

    Finding finding() {
        if (generations.isEmpty()) {
            return CorpusStatuses.withheldBefore(seen)
                    .map(DeletionsCondition::tooMany)
                    .orElse(undecided());
        }
        if (generations.get().withheld().isPresent()) {
            return tooMany(generations.get().withheld().get());
        }
        return generations.get().live().flatMap(StoredGeneration::state).isEmpty()
                ? undecided()
                : Finding.of(DELETIONS_APPLIED, Truth.TRUE, CorpusReason.DeletionsFollow);
    }

    private static Finding tooMany(Withheld withheld) {
        return Finding.of(
                DELETIONS_APPLIED,
                Truth.FALSE,
                CorpusReason.TooManyDeletions,
                withheld.documents(),
                withheld.of(),
                withheld.token());
    }

    private static Finding undecided() {
        return Finding.of(DELETIONS_APPLIED, Truth.UNKNOWN, CorpusReason.Undecided);
    }
}
