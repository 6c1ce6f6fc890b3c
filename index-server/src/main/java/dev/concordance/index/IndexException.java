package dev.concordance.index;

import dev.concordance.manifest.FailureReason;

/** Why a run can't go on with its index. */
public final class IndexException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final FailureReason reason;
    private final boolean retryable;

    IndexException(FailureReason reason, String message, boolean retryable) {
        super(message);
        this.reason = reason;
        this.retryable = retryable;
    }

    static IndexException leaseLost() {
        return new IndexException(
                FailureReason.LeaseLost, "another run has begun to write to this corpus, so this one stops", false);
    }

    /** The reason as the user sees it. */
    public FailureReason reason() {
        return reason;
    }

    /** False: only the user can help. */
    public boolean isRetryable() {
        return retryable;
    }
}
