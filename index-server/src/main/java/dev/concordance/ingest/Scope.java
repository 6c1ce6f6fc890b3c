package dev.concordance.ingest;

import dev.concordance.index.ManifestRecord;

/** Which of the documents that are as they were are read all the same. */
enum Scope {
    /** None. */
    CHANGED,
    /** Those that lack vectors. */
    PENDING,
    /** All, since nothing is trusted. */
    ALL;

    /** Whether a document is none of them. */
    boolean leaves(ManifestRecord known) {
        return switch (this) {
            case CHANGED -> true;
            case PENDING -> known.pendingEmbeddings() == 0;
            case ALL -> false;
        };
    }
}
