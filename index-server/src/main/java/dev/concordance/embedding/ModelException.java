package dev.concordance.embedding;

import dev.concordance.manifest.FailureReason;

/** A model that can't be used; the reason says what the user can do. */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final FailureReason reason;

    public ModelException(FailureReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public ModelException(FailureReason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** One of the model reasons of {@link FailureReason}. */
    public FailureReason reason() {
        return reason;
    }
}
