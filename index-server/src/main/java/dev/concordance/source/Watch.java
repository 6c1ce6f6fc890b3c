package dev.concordance.source;

import java.time.Duration;

/** Tells that a source may have changed, as soon as that is known, so that nobody has to ask it all the time. */
public interface Watch extends AutoCloseable {
    /**
     * Waits for a change after the last one that was told of, and gives whether there was any; throws {@link SourceException} if
     * that can't be told any more.
     *
     * @param atMost how long it waits
     */
    boolean await(Duration atMost);

    @Override
    void close();
}
