package dev.concordance.parse.remote;

import dev.concordance.manifest.FailureReason;

/** The service can't be asked, which says nothing of a document; the message says what to do. */
public final class ParserException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final FailureReason reason;

    public ParserException(FailureReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** One of the parser reasons. */
    public FailureReason reason() {
        return reason;
    }
}
