package dev.concordance.source;

import java.io.IOException;

/** A document with more bytes than are read. */
public final class OversizedContent extends IOException {
    private static final long serialVersionUID = 1;

    /** One with so many bytes. */
    public OversizedContent(long bytes, long most) {
        super("it has %d bytes, more than the %d of ingestion.maxDocumentSize: divide it, exclude it or raise the limit"
                .formatted(bytes, most));
    }

    /** What {@link #getMessage()} says, which is for the user. */
    public String explanation() {
        return String.valueOf(getMessage());
    }
}
