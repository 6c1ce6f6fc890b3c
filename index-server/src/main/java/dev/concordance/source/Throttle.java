package dev.concordance.source;

import dev.concordance.http.Pace;
import dev.concordance.http.Time;
import dev.concordance.manifest.SourceManifest.RateLimit;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;

/** Keeps a source from being asked for more than is declared. Safe for many threads. */
final class Throttle {
    /** How much is read before it is paid for in time. */
    private static final int PIECE = 64 * 1024;

    private static final Duration SLICE = Duration.ofMillis(100);
    private static final double SECONDS_PER_MINUTE = 60;

    private final Pace requests;
    private final Pace bytes;
    private final Time time;
    private volatile Runnable stop = () -> {};

    Throttle(RateLimit limit, Time time) {
        this.requests = new Pace(limit.requestsPerMinute(), 0, time);
        this.bytes = new Pace(0, limit.bytesPerSecond() * SECONDS_PER_MINUTE, time);
        this.time = time;
    }

    /** @param throwing throws if nobody shall wait or ask any longer; asked with each request, and ten times a second meanwhile */
    void stopBy(Runnable throwing) {
        stop = throwing;
    }

    /** Waits until the next request may be sent. */
    void request() throws InterruptedIOException {
        stop.run();
        pause(requests.next(0));
    }

    /** What is read of a document, no faster than is declared. */
    InputStream slowed(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                var one = super.read();
                if (one >= 0) {
                    pause(bytes.next(1));
                }
                return one;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                var count = super.read(into, offset, Math.min(PIECE, length));
                if (count > 0) {
                    pause(bytes.next(count));
                }
                return count;
            }
        };
    }

    private void pause(Duration duration) throws InterruptedIOException {
        try {
            for (var left = duration; left.isPositive(); left = left.minus(SLICE)) {
                stop.run();
                time.pause(left.compareTo(SLICE) < 0 ? left : SLICE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a source was to be asked");
        }
    }
}
