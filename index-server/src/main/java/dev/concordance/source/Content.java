package dev.concordance.source;

import java.io.IOException;

/** The bytes of one document, read when they are needed. */
public interface Content {
    /** How many they are, for one who plans how much to hold at a time; asked only when the source has fetched them. */
    long size() throws IOException;

    /**
     * Reads them; throws {@link OversizedContent} if they are more than the limit that the source was opened with. Any
     * other failure is the source's, not the document's: another try may succeed.
     */
    byte[] read() throws IOException;
}
