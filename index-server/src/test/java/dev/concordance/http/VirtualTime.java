package dev.concordance.http;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time that passes only while somebody pauses. */
public final class VirtualTime implements Time {
    public static final Instant BEGIN = Instant.parse("2026-11-26T12:00:00Z");

    private final List<Duration> pauses = new ArrayList<>();
    private final double share;
    private Duration passed = Duration.ZERO;

    /** Of a pause nothing is left out. */
    public VirtualTime() {
        this(1);
    }

    /** @param share what is left of a pause */
    public VirtualTime(double share) {
        this.share = share;
    }

    @Override
    public synchronized long nanos() {
        return passed.toNanos();
    }

    @Override
    public synchronized Instant now() {
        return BEGIN.plus(passed);
    }

    @Override
    public synchronized void pause(Duration duration) {
        if (!duration.isZero()) {
            pauses.add(duration);
        }
        passed = passed.plus(duration);
    }

    @Override
    public double share() {
        return share;
    }

    /** All pauses that took time. */
    public synchronized List<Duration> pauses() {
        return List.copyOf(pauses);
    }
}
