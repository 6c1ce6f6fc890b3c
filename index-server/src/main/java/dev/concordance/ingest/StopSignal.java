package dev.concordance.ingest;

import dev.concordance.http.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Whether the run shall end before it is done. It is asked where nothing is half written. */
public final class StopSignal {
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final LongSupplier nanos;
    private volatile boolean given;
    private volatile long asked;

    /** By the system's clock. */
    public StopSignal() {
        this(System::nanoTime);
    }

    /** @param nanos from a time of its choice */
    StopSignal(LongSupplier nanos) {
        this.nanos = nanos;
        this.asked = nanos.getAsLong();
    }

    /** Tells the run to end. */
    public void give() {
        given = true;
    }

    /** How long ago it was asked last; long: what should ask it is stuck. */
    public Duration sinceAsked() {
        return Duration.ofNanos(nanos.getAsLong() - asked);
    }

    /** Throws if the run shall end. */
    void check() {
        asked = nanos.getAsLong();
        if (given) {
            throw RunException.stopped();
        }
    }

    /** As much of a time as somebody may wait without asking. */
    static Duration shortened(Duration time) {
        return Duration.ofMillis(Math.min(Math.max(1, time.toMillis()), LOOK_AGAIN_MILLIS));
    }

    /** Waits for so long, or a little less. */
    void pause(Duration time) {
        check();
        try {
            Thread.sleep(shortened(time));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RunException.stopped();
        }
    }

    /** That of somebody who waits no longer than the run goes on. */
    public Time time() {
        return new Time() {
            @Override
            public long nanos() {
                return Time.REAL.nanos();
            }

            @Override
            public Instant now() {
                return Time.REAL.now();
            }

            @Override
            public void pause(Duration duration) {
                var end = nanos() + duration.toNanos();
                for (var left = duration.toNanos(); left > 0; left = end - nanos()) {
                    StopSignal.this.pause(Duration.ofNanos(left));
                }
            }

            @Override
            public double share() {
                return Time.REAL.share();
            }
        };
    }

    /** Waits for a result, and no longer than the run goes on. */
    <T> T await(Future<T> future) {
        while (true) {
            check();
            try {
                return future.get(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                continue;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw RunException.stopped();
            } catch (ExecutionException e) {
                throw unwrapped(e);
            }
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        return e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    }
}
