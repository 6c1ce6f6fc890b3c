package dev.concordance.source;

import java.io.IOException;

/** A document that its source lists and doesn't give, while it gives others. */
public final class RefusedContent extends IOException {
    private static final long serialVersionUID = 1;

    /** @param why what was said, and what to do */
    public RefusedContent(String why, Exception cause) {
        super(why, cause);
    }

    /** What {@link #getMessage()} says, which is for the user. */
    public String explanation() {
        return String.valueOf(getMessage());
    }
}
