package dev.concordance.http;

import java.time.Duration;

/** Spreads requests evenly, so that no minute has more of them, or of what is in them, than are allowed. Safe for many threads. */
public final class Pace {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Time time;
    private final long nanosPerRequest;
    private final double nanosPerUnit;
    private long free;

    /**
     * Begins now.
     *
     * @param requestsPerMinute 0: no limit
     * @param unitsPerMinute of what is counted in requests, such as tokens or bytes; 0: no limit
     */
    public Pace(int requestsPerMinute, double unitsPerMinute, Time time) {
        this.time = time;
        this.nanosPerRequest = requestsPerMinute == 0 ? 0 : MINUTE / requestsPerMinute;
        this.nanosPerUnit = unitsPerMinute == 0 ? 0 : MINUTE / unitsPerMinute;
        this.free = time.nanos();
    }

    /** Takes the next place for a request; gives how long it is until then. */
    public synchronized Duration next(long units) {
        var now = time.nanos();
        var at = free - now > 0 ? free : now;
        free = at + Math.max(nanosPerRequest, (long) (units * nanosPerUnit));
        return Duration.ofNanos(at - now);
    }

    /** Lets nobody go for a while: the other side has asked for it. */
    public synchronized void rest(Duration duration) {
        var until = time.nanos() + duration.toNanos();
        free = until - free > 0 ? until : free;
    }
}
