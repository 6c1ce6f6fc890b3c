package dev.concordance.source;

import java.io.IOException;

/** A document that was listed and has gone since: the next listing lacks it. */
public final class VanishedContent extends IOException {
    private static final long serialVersionUID = 1;

    /** One that its source says is gone. */
    public VanishedContent(Exception cause) {
        super("it has gone since it was listed", cause);
    }
}
