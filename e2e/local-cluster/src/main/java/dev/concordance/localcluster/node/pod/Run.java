package dev.concordance.localcluster.node.pod;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One start of a container.
 *
 * @param number how often it was started before
 * @param exit how it ended; null: it runs
 */
record Run(int number, Instant startedAt, @Nullable Exit exit) {
    /** How a process ended; a signal counts as 128 and its number. */
    record Exit(int code, Instant at, String message) {}

    boolean isRunning() {
        return exit == null;
    }

    Duration length(Exit end) {
        return Duration.between(startedAt, end.at());
    }
}
