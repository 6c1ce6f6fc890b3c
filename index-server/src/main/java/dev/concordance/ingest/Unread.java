package dev.concordance.ingest;

import java.io.IOException;
import java.util.Optional;

/**
 * Documents that their source listed and then didn't give. That tells nothing of the document, so it stays as it was, and
 * the run goes on with the others; many of them in a row mean that the source has gone away.
 */
final class Unread {
    private static final int MOST_IN_A_ROW = 20;

    private int documents;
    private int inARow;
    private String first = "";

    synchronized void add(Work work, IOException cause) {
        if (documents == 0) {
            first = "%s of source %s: %s: %s"
                    .formatted(
                            work.entry().id(), work.source(), cause.getClass().getSimpleName(), cause.getMessage());
        }
        documents++;
        inARow++;
        if (inARow == MOST_IN_A_ROW) {
            throw RunException.unread(documents, first);
        }
    }

    synchronized void read() {
        inARow = 0;
    }

    /** What the run fails with in the end, if there were any. */
    synchronized Optional<RuntimeException> failure() {
        return documents == 0 ? Optional.empty() : Optional.of(RunException.unread(documents, first));
    }
}
