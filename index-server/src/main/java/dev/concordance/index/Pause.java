package dev.concordance.index;

import dev.concordance.manifest.FailureReason;
import java.time.Duration;

/** Waits before a request is sent again. */
final class Pause {
    private Pause() {}

    static void of(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IndexException(FailureReason.Internal, "the run was stopped", true);
        }
    }
}
