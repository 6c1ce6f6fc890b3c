package dev.concordance.ingest;

import dev.concordance.manifest.RunSpecification.DeletionGuard;
import dev.concordance.manifest.Withheld;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many documents may go without approval. Where sources are followed, a deletion of many comes as many of few: so those
 * count that went lately.
 *
 * @param documents how many there are
 * @param lately how many went before, so short a time ago that it counts as at once
 * @param last what was withheld last; null: nothing was
 */
record Allowance(
        DeletionGuard guard,
        long documents,
        long lately,
        @Nullable Withheld last) {
    boolean allows(long gone) {
        return gone == 0 || guard.allows(gone + lately, documents + lately);
    }

    /** What is withheld since it is more. */
    Withheld withheld(String token, long withheld, List<String> sample, @Nullable String accepted) {
        return new Withheld(token, withheld, documents, sample, guard.approved(), accepted);
    }
}
