package dev.concordance.source.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/** When the next request to a host may be sent. For one thread. */
public final class Pace {
    private static final long SLICE_NANOS = Duration.ofMillis(100).toNanos();

    private final long delayNanos;
    private final Runnable stop;
    private final LongSupplier clock;
    private final LongConsumer sleep;
    private final Map<String, Long> next = new HashMap<>();
    private final Map<String, Long> slower = new HashMap<>();

    /**
     * Begins now.
     *
     * @param stop throws if nobody shall wait any longer; asked ten times a second
     * @param clock nanoseconds from a time of its choice
     * @param sleep for about so many nanoseconds
     */
    public Pace(Duration delay, Runnable stop, LongSupplier clock, LongConsumer sleep) {
        this.delayNanos = delay.toNanos();
        this.stop = stop;
        this.clock = clock;
        this.sleep = sleep;
    }

    /** By the system's clock. */
    public static Pace of(Duration delay, Runnable stop) {
        return new Pace(delay, stop, System::nanoTime, LockSupport::parkNanos);
    }

    /** Leaves more time between requests to a host, if the usual is less. */
    public void slow(String host, Duration delay) {
        slower.put(host, Math.max(delayNanos, delay.toNanos()));
    }

    /** Waits until a request to the host may be sent, which then is thought to be. */
    void await(String host) {
        var at = next.get(host);
        if (at != null) {
            sleepUntil(at);
        }
        stop.run();
        next.put(host, clock.getAsLong() + slower.getOrDefault(host, delayNanos));
    }

    /** Waits. */
    void pause(Duration duration) {
        sleepUntil(clock.getAsLong() + duration.toNanos());
    }

    /** Nanoseconds from a time of its choice. */
    public long nanos() {
        return clock.getAsLong();
    }

    private void sleepUntil(long end) {
        for (var left = end - clock.getAsLong(); left > 0; left = end - clock.getAsLong()) {
            stop.run();
            sleep.accept(Math.min(left, SLICE_NANOS));
        }
    }
}
