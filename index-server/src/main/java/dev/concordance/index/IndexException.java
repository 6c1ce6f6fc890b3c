package dev.concordance.index;

import dev.concordance.manifest.FailureReason;
import java.util.Set;

/** Why a run can't go on with its index. */
public final class IndexException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final FailureReason reason;
    private final transient Set<String> fenced;

    IndexException(FailureReason reason, String message) {
        this(reason, message, Set.of());
    }

    private IndexException(FailureReason reason, String message, Set<String> fenced) {
        super(message);
        this.reason = reason;
        this.fenced = Set.copyOf(fenced);
    }

    static IndexException leaseLost() {
        return leaseLost(Set.of());
    }

    /** @param fenced keys of documents of which a later writer has written something */
    static IndexException leaseLost(Set<String> fenced) {
        return new IndexException(
                FailureReason.LeaseLost, "another run has begun to write to this corpus, so this one stops", fenced);
    }

    /** Whether a document is among those that were not written because of this. */
    boolean concerns(String key) {
        return fenced.isEmpty() || fenced.contains(key);
    }

    /** The reason as the user sees it. */
    public FailureReason reason() {
        return reason;
    }
}
