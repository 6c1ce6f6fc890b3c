package dev.concordance.localcluster.node.pod;

import io.fabric8.kubernetes.api.model.Probe;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the attempts of one probe have shown so far. */
record ProbeState(
        Verdict verdict,
        int streak,
        boolean lastPassed,
        @Nullable Instant lastAttempt) {
    static final ProbeState FRESH = new ProbeState(Verdict.UNKNOWN, 0, false, null);
    private static final int PERIOD = 10;
    private static final int FAILURES = 3;

    /** What is held to be true; it changes when a threshold is reached. */
    enum Verdict {
        UNKNOWN,
        PASSING,
        FAILING
    }

    /** A probe that has passed before the agent was started again. */
    static ProbeState passing() {
        return new ProbeState(Verdict.PASSING, 1, true, null);
    }

    ProbeState after(Probe probe, boolean passed, Instant at) {
        var count = passed == lastPassed ? streak + 1 : 1;
        var threshold = passed ? or(probe.getSuccessThreshold(), 1) : or(probe.getFailureThreshold(), FAILURES);
        if (count < threshold) {
            return new ProbeState(verdict, count, passed, at);
        }
        return new ProbeState(passed ? Verdict.PASSING : Verdict.FAILING, count, passed, at);
    }

    boolean isDue(Probe probe, Instant containerStart, Instant now) {
        if (lastAttempt == null) {
            return !now.isBefore(containerStart.plus(Duration.ofSeconds(or(probe.getInitialDelaySeconds(), 0))));
        }
        return !now.isBefore(lastAttempt.plus(Duration.ofSeconds(or(probe.getPeriodSeconds(), PERIOD))));
    }

    static int or(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }
}
