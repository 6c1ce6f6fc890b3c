package dev.concordance.http;

import java.time.Duration;
import java.util.Optional;

/** How long is waited before what could not be answered is asked for again: later and later, and not for ever. */
public final class Patience {
    private static final Duration ALL = Duration.ofMinutes(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Time time;
    private Duration pause = FIRST_PAUSE;
    private Duration waited = Duration.ZERO;

    /** That of one question. */
    public Patience(Time time) {
        this.time = time;
    }

    /** Counts what was waited for another reason. */
    public void add(Duration otherwise) {
        waited = waited.plus(otherwise);
    }

    /**
     * The next pause; nothing if all of them would be too long.
     *
     * @param asked what the other side asks to wait, if it does
     */
    public Optional<Duration> next(Optional<Duration> asked) {
        var jittered = Duration.ofNanos((long) (pause.toNanos() * time.share()));
        var next = asked.filter(longer -> longer.compareTo(jittered) > 0).orElse(jittered);
        waited = waited.plus(next);
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        return waited.compareTo(ALL) > 0 ? Optional.empty() : Optional.of(next);
    }

    /** All that was waited, with what would be next. */
    public Duration waited() {
        return waited;
    }
}
