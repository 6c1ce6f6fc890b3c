package dev.concordance.erasure;

import dev.concordance.manifest.FailureReason;

/** Why documents are not erased, or not known to be. */
public final class ErasureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final FailureReason reason;

    private ErasureException(FailureReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    static ErasureException tooMany(long matched, long most) {
        return new ErasureException(
                FailureReason.TooManyDocuments,
                "%d documents are covered, more than the %d that may be erased; nothing was erased"
                        .formatted(matched, most));
    }

    static ErasureException found(String what, String index) {
        return new ErasureException(
                FailureReason.ErasureIncomplete,
                "%s of what was erased was still found in %s; it is erased again".formatted(what, index));
    }

    static ErasureException cacheFailed(String index, String what) {
        return new ErasureException(
                FailureReason.ElasticsearchRejected,
                "vectors of erased passages could not be taken out of %s: %s".formatted(index, what));
    }

    static ErasureException inboxFailed(String index, String what) {
        return new ErasureException(
                FailureReason.ElasticsearchRejected,
                "what was pushed could not be searched or taken out of %s: %s".formatted(index, what));
    }

    /** The reason as the user sees it. */
    public FailureReason reason() {
        return reason;
    }
}
