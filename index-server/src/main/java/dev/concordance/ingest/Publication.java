package dev.concordance.ingest;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a round has written searchable. Where nobody waits for the records, the chunks become so while these are written, as
 * they can at any time by the refresh interval of their index. For one thread.
 */
final class Publication {
    private final Runnable refresh;
    private final boolean ahead;
    private @Nullable FutureTask<Void> begun;

    /** @param ahead whether records may come later than chunks */
    Publication(Runnable refresh, boolean ahead) {
        this.refresh = refresh;
        this.ahead = ahead;
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
