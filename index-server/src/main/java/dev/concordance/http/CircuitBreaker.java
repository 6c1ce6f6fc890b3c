package dev.concordance.http;

import java.time.Duration;

/**
 * Keeps calls away from an endpoint that fails. After some failures in a row it lets none pass for a while, and then one at a
 * time until one succeeds (Nygard, "Release It!", 2007).
 */
public final class CircuitBreaker {
    private static final int FAILURES = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Time time;
    private int failures;
    private Duration pause = FIRST_PAUSE;
    private long opensAt;
    private boolean trying;

    /** One that is closed. */
    public CircuitBreaker(Time time) {
        this.time = time;
    }

    /** How long a call has to wait; zero: it may go now, and {@link #succeeded} or {@link #failed} must follow. */
    public synchronized Duration pause() {
        var now = time.nanos();
        if (failures < FAILURES) {
            return Duration.ZERO;
        }
        if (now - opensAt < 0) {
            return Duration.ofNanos(opensAt - now);
        }
        // Should nobody ever hear of this one, the next may go after the same pause.
        trying = true;
        opensAt = now + pause.toNanos();
        return Duration.ZERO;
    }

    /** A call was answered. */
    public synchronized void succeeded() {
        failures = 0;
        pause = FIRST_PAUSE;
        trying = false;
    }

    /** A call was not answered. */
    public synchronized void failed() {
        failures++;
        if (failures < FAILURES || failures > FAILURES && !trying) {
            return;
        }
        if (trying) {
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
        trying = false;
        opensAt = time.nanos() + pause.toNanos();
    }

    /** Waits until a call may go now; gives how long that took. {@link #succeeded} or {@link #failed} must follow. */
    public Duration await() throws InterruptedException {
        var waited = Duration.ZERO;
        for (var wait = pause(); !wait.isZero(); wait = pause()) {
            time.pause(wait);
            waited = waited.plus(wait);
        }
        return waited;
    }

    /** Whether calls are kept away. */
    synchronized boolean isOpen() {
        return failures >= FAILURES;
    }
}
