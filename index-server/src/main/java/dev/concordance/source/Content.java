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

    /** The same, with whether it is what was listed. */
    default Held held() throws IOException {
        return new Held(read(), true);
    }

    /**
     * What a document held when it was read.
     *
     * @param isListed whether that is what the listing told of; else it must not be known by the listing's change key, since
     *     that tells of something else, which may be back by the time of the next listing
     */
    record Held(byte[] bytes, boolean isListed) {}
}
