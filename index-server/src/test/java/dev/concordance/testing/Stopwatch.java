package dev.concordance.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A clock that stands still until it is put forward, and counts who looks at it. */
public final class Stopwatch extends Clock {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** A follower looks once each time that it asks itself whether a source is due. */
    private static final int ENOUGH = 5;

    private final AtomicLong looks = new AtomicLong();
    private volatile Instant now = Instant.parse("2026-05-04T12:00:00Z");

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        looks.incrementAndGet();
        return now;
    }

    public void pass(Duration duration) {
        now = now.plus(duration);
    }

    /** The same, and waits until it has been looked at so often that whoever has to do something by now has begun to. */
    public void passSeen(Duration duration) {
        pass(duration);
        var seen = looks.get() + ENOUGH;
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (looks.get() < seen) {
            assertThat(System.nanoTime()).as("nobody looks at the clock").isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
