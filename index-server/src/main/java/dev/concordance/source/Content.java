package dev.concordance.source;

import java.io.IOException;

/** The bytes of one document, read when they are needed. */
@FunctionalInterface
public interface Content {
    /** Reads them; not more than the limit that the source was opened with. */
    byte[] read() throws IOException;
}
