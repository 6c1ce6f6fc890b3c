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

    /** One that only opens with a password or a key. */
    public static UnreadableDocument encrypted() {
        return new UnreadableDocument(
                QuarantineReason.Encrypted, "it can't be read without a password: save it without one, or exclude it");
    }

    /** Why. */
    public QuarantineReason reason() {
        return reason;
    }
}
