package dev.concordance.ingest;

import dev.concordance.index.ManifestRecord;
import dev.concordance.manifest.QuarantineReason;

/** Which of the documents that are as they were are read all the same. */
enum Scope {
    /** None. */
    CHANGED,
    /** Those that lack vectors, and those that their source has refused to give, which doesn't tell when it would. */
    PENDING,
    /** All, since nothing is trusted. */
    ALL;

    /** Whether a document is none of them. */
    boolean leaves(ManifestRecord known) {
        return switch (this) {
            case CHANGED -> true;
            case PENDING -> known.pendingEmbeddings() == 0 && known.reason() != QuarantineReason.SourceRefused;
            case ALL -> false;
        };
    }
}
