package dev.concordance.spool;

import java.io.IOException;

/** What doesn't fit in memory can't be kept in the workspace either: mostly because its disk is full. */
public final class SpoolException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param cause what the workspace says */
    public SpoolException(IOException cause) {
        super(
                "the workspace can't hold what the run has to remember: %s: %s; give the pod, or the disk of its node, more room"
                        .formatted(cause.getClass().getSimpleName(), cause.getMessage()),
                cause);
    }
}
