package dev.concordance.inlet;

import dev.concordance.endpoint.Problem;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Keeps requests under way from needing more memory than there is, however many and large they are. */
final class Room {
    /** A document is held as bytes, as a text and as parts of two requests to Elasticsearch. */
    private static final int COPIES = 6;

    private static final long LEAST = 1 << 20;
    private static final long PATIENCE_MILLIS = 2_000;

    private final int all;
    private final long patienceMillis;
    private final Semaphore kibibytes;

    /** @param bytes that there are for all requests */
    Room(long bytes) {
        this(bytes, PATIENCE_MILLIS);
    }

    /** @param patienceMillis for how long a request waits for others to end */
    Room(long bytes, long patienceMillis) {
        this.patienceMillis = patienceMillis;
        all = kibibytes(bytes);
        kibibytes = new Semaphore(all, true);
    }

    /** What needs room. */
    interface Work<T> {
        /** Does it. */
        T done() throws IOException;
    }

    /** Does work on a document of so many bytes as JSON; throws {@link Problem} if there is no room for a while. */
    <T> T hold(long bytes, Work<T> work) throws IOException {
        var needed = Math.min(all, kibibytes(LEAST + bytes * COPIES));
        take(needed);
        try {
            return work.done();
        } finally {
            kibibytes.release(needed);
        }
    }

    private void take(int needed) {
        try {
            if (!kibibytes.tryAcquire(needed, patienceMillis, TimeUnit.MILLISECONDS)) {
                throw Problem.tooMany("the inlet holds as much as it has memory for: try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.unavailable("the inlet is ending");
        }
    }

    private static int kibibytes(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, bytes >> 10));
    }
}
