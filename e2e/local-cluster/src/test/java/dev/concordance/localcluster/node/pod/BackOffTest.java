package dev.concordance.localcluster.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void startsAtOnceAndThenWaitsTwiceAsLongEachTimeUpToALimit() {
        var waits = new ArrayList<Long>();
        var backOff = BackOff.NONE;
        for (var i = 0; i < 9; i++) {
            backOff = after(backOff, Duration.ofSeconds(1));
            waits.add(
                    Duration.between(START.plusSeconds(1), backOff.notBefore()).toSeconds());
        }
        assertThat(waits).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void forgetsOldCrashesWhenAContainerHasRunForAWhile() {
        var crashed = after(after(after(BackOff.NONE, Duration.ZERO), Duration.ZERO), Duration.ZERO);

        assertThat(after(crashed, Duration.ofMinutes(2)).notBefore()).isEqualTo(START.plusSeconds(120));
    }

    private static BackOff after(BackOff backOff, Duration length) {
        var run = new Run(0, START, null);
        return backOff.after(run, new Run.Exit(1, START.plus(length), ""));
    }
}
