package dev.concordance.http;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** What passes while an answer is waited for, and how unevenly. */
public interface Time {
    /** That of this machine. */
    Time REAL = new Time() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            Thread.sleep(duration);
        }

        @Override
        public double share() {
            return ThreadLocalRandom.current().nextDouble(0.5, 1);
        }
    };

    /** Nanoseconds from a time of its choice. */
    long nanos();

    /** The time of day, to which servers refer. */
    Instant now();

    void pause(Duration duration) throws InterruptedException;

    /** What is left of a pause, between a half and all of it, so that callers don't come back together. */
    double share();
}
