package dev.concordance.operator.corpus;

import dev.concordance.manifest.RunMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An IngestionRun as its status tells it.
 *
 * @param sequence the number at the end of a name that is made as the operator makes them; 0: another name
 * @param ours whether the operator has created it for this very corpus
 * @param generation which it fills, once decided
 * @param inputs digest of what it was started with; empty for a user's run
 * @param failure why it failed, or why its last attempt did while its Job tries again, or what keeps its pod from starting
 * @param going whether it is being deleted
 */
record SeenRun(
        String name,
        long sequence,
        boolean ours,
        Optional<RunMode> mode,
        Optional<Integer> generation,
        RunPhase phase,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<String> inputs,
        Optional<RunFailure> failure,
        Optional<RunCounts> counts,
        boolean going) {

    /** Why a run failed; {@code waits}: the same again would fail again. */
    record RunFailure(String reason, String message, boolean waits) {}

    /** How far a run is. */
    record RunCounts(long documents, long listed, long chunks, long embedded, long reused) {}

    /** Whether somebody has to let it start. */
    boolean isHeldUp() {
        return phase == RunPhase.Queued && failure.filter(RunFailure::waits).isPresent();
    }

    boolean isUnfinished() {
        return !phase.isFinal();
    }

    boolean fills(int number) {
        return generation.isPresent() && generation.get() == number;
    }

    /** Whether it follows its sources until it is stopped. */
    boolean follows() {
        return mode.isPresent() && mode.get() == RunMode.Follow;
    }

    /** Whether it brings the corpus in step with its sources; one that erases doesn't. */
    boolean syncs() {
        return mode.isEmpty() || mode.get() != RunMode.Erase;
    }

    /** Whether it does what runs usually do, so that the next one takes about as long. */
    boolean isIncremental() {
        return mode.isEmpty() || mode.get() == RunMode.Incremental;
    }

    Optional<Duration> duration() {
        return startedAt.flatMap(start -> finishedAt.map(end -> Duration.between(start, end)));
    }
}
