package dev.concordance.ingest;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a round has written searchable: when the round ends, and before that of a long one what it has written by then. Where
 * nobody waits for the records, the chunks become so while these are written. For one thread.
 */
final class Publication {
    /** Each refresh makes a segment, and merging segments builds their vectors' graphs again. */
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final Runnable refresh;
    private final boolean ahead;
    private final boolean searched;
    private final Clock clock;
    private Instant last;
    private @Nullable FutureTask<Void> begun;

    /**
     * Begins with the round.
     *
     * @param ahead whether records may come later than chunks
     * @param searched whether anybody finds what is written before the round ends
     */
    Publication(Runnable refresh, boolean ahead, boolean searched, Clock clock) {
        this.refresh = refresh;
        this.ahead = ahead;
        this.searched = searched;
        this.clock = clock;
        this.last = clock.instant();
    }

    /** Documents were written, each of them whole. */
    void written() {
        if (searched && !clock.instant().isBefore(last.plus(INTERVAL))) {
            refresh.run();
            last = clock.instant();
        }
    }

    /** Nothing is left to be written but records, as far as anybody knows. */
    void begin() {
        if (ahead) {
            begun = new FutureTask<>(refresh, null);
            Thread.ofVirtual().name("publish").start(begun);
        }
    }

    /** @param more whether something was written that isn't a record since it began */
    void end(boolean more) {
        var turn = begun;
        if (turn != null) {
            await(turn);
        }
        if (turn == null || more) {
            refresh.run();
        }
    }

    private static void await(FutureTask<Void> turn) {
        try {
            turn.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RunException.stopped();
        }
    }
}
