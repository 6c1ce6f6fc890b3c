package dev.concordance.ingest;

import dev.concordance.manifest.RunSpecification.DeletionGuard;
import org.jspecify.annotations.Nullable;

/**
 * How many documents may go without approval. Where sources are followed, a deletion of many comes as many of few: so those
 * count that went lately.
 *
 * @param documents how many there are
 * @param lately how many went before, so short a time ago that it counts as at once
 * @param shown token by which what was withheld last could be approved; null: nothing was
 */
record Allowance(
        DeletionGuard guard,
        long documents,
        long lately,
        @Nullable String shown) {
    boolean allows(long gone) {
        return gone == 0 || guard.allows(gone + lately, documents + lately);
    }
}
