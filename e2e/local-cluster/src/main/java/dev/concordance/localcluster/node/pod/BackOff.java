package dev.concordance.localcluster.node.pod;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a container waits for its next start: not at all at first, then twice as long each time, until it has run for a while.
 * A kubelet begins with ten seconds and ends with five minutes; a test has no time for that.
 *
 * @param quickExits how often it ended soon after its start, without a break
 */
record BackOff(int quickExits, Instant notBefore) {
    static final BackOff NONE = new BackOff(0, Instant.EPOCH);
    private static final Duration BASE = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LONG_RUN = Duration.ofMinutes(1);
    private static final int DOUBLINGS = 5;

    BackOff after(Run run, Run.Exit exit) {
        var quick = run.length(exit).compareTo(LONG_RUN) < 0 ? quickExits + 1 : 1;
        return new BackOff(quick, exit.at().plus(delay(quick)));
    }

    private static Duration delay(int quickExits) {
        if (quickExits <= 1) {
            return Duration.ZERO;
        }
        var doubled = BASE.multipliedBy(1L << Math.min(quickExits - 2, DOUBLINGS));
        return doubled.compareTo(LIMIT) < 0 ? doubled : LIMIT;
    }
}
