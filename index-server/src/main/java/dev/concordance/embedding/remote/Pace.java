package dev.concordance.embedding.remote;

import dev.concordance.http.Time;
import dev.concordance.manifest.RemoteAccess;
import java.time.Duration;

/** Spreads requests evenly over the minute, so that no minute has more requests or tokens than are allowed. */
final class Pace {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final Time time;
    private final long nanosPerRequest;
    private final double nanosPerToken;
    private long free;

    Pace(RemoteAccess.Limits limits, Time time) {
        this.time = time;
        this.nanosPerRequest = limits.requestsPerMinute() == 0 ? 0 : MINUTE / limits.requestsPerMinute();
        this.nanosPerToken = limits.tokensPerMinute() == 0 ? 0 : (double) MINUTE / limits.tokensPerMinute();
        this.free = time.nanos();
    }

    /** Takes the next place for a request; gives how long it is until then. */
    synchronized Duration next(long tokens) {
        var now = time.nanos();
        var at = free - now > 0 ? free : now;
        free = at + Math.max(nanosPerRequest, (long) (tokens * nanosPerToken));
        return Duration.ofNanos(at - now);
    }

    /** Lets nobody go for a while: the endpoint has asked for it. */
    synchronized void rest(Duration duration) {
        var until = time.nanos() + duration.toNanos();
        free = until - free > 0 ? until : free;
    }
}
