package dev.concordance.parse;

import dev.concordance.manifest.QuarantineReason;

/** A document that goes into quarantine; the message says what was found and what to do, without the document's text. */
public final class UnreadableDocument extends Exception {
    private static final long serialVersionUID = 1;

    private final QuarantineReason reason;

    public UnreadableDocument(QuarantineReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why. */
    public QuarantineReason reason() {
        return reason;
    }
}
