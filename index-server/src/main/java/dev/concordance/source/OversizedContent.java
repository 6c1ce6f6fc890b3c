package dev.concordance.source;

import java.io.IOException;

/** A document with more bytes than are read. */
public final class OversizedContent extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean isListed;

    /** One with so many bytes. */
    public OversizedContent(long bytes, long most) {
        this(bytes, most, true);
    }

    private OversizedContent(long bytes, long most, boolean isListed) {
        super("it has %d bytes, more than the %d of ingestion.maxDocumentSize: divide it, exclude it or raise the limit"
                .formatted(bytes, most));
        this.isListed = isListed;
    }

    /** One that was small enough when it was listed. */
    public static OversizedContent grown(long bytes, long most) {
        return new OversizedContent(bytes, most, false);
    }

    /** Whether it is what was listed, as {@link Content.Held} has it. */
    public boolean isListed() {
        return isListed;
    }

    /** What {@link #getMessage()} says, which is for the user. */
    public String explanation() {
        return String.valueOf(getMessage());
    }
}
