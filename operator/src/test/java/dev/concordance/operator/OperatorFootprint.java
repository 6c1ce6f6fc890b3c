package dev.concordance.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.operator.testing.Declared;
import dev.concordance.operator.testing.FakeWorkers;
import dev.concordance.operator.testing.OperatorProcess;
import dev.concordance.operator.testing.TestCluster;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Measures how soon an operator is ready and how much memory it takes with 100 corpora. No test of the suite, since a busy
 * machine would fail it: see docs/benchmarks.md.
 */
final class OperatorFootprint {
    private static final int CORPORA = 100;
    private static final int STARTS = 5;
    private static final long MOST_KIBIBYTES = 300 * 1024;
    private static final Duration LATEST = Duration.ofSeconds(3);

    @Test
    void isReadySoonAndStaysSmall() {
        var declared = new Declared(TestCluster.get().namespace("footprint"));
        try (var workers = FakeWorkers.start();
                var operator = OperatorProcess.leading(options())) {
            declared.cluster(TestCluster.get().elasticsearch().url());
            declared.policy(128);
            for (var number = 0; number < CORPORA; number++) {
                declared.corpus("corpus" + number);
            }
            for (var number = 0; number < CORPORA; number++) {
                declared.awaitServing("corpus" + number, 1);
            }
            System.out.printf("%d corpora serve: %d MiB resident%n", CORPORA, operator.residentKibibytes() / 1024);
            assertThat(operator.residentKibibytes()).isLessThan(MOST_KIBIBYTES);
            assertThat(workers.done(declared.namespace())).hasSizeGreaterThanOrEqualTo(CORPORA);
        }
        var ready = new long[STARTS];
        for (var start = 0; start < STARTS; start++) {
            ready[start] = millisUntilReady();
        }
        Arrays.sort(ready);
        System.out.printf("ready after %s ms, median %d%n", Arrays.toString(ready), ready[STARTS / 2]);
        assertThat(Duration.ofMillis(ready[STARTS / 2])).isLessThan(LATEST);
    }

    private static long millisUntilReady() {
        var began = System.nanoTime();
        try (var operator = options().start()) {
            Declared.await("ready").pollInterval(Duration.ofMillis(20)).until(operator::isReady);
            var took = Duration.ofNanos(System.nanoTime() - began).toMillis();
            System.out.printf("ready after %d ms, %d MiB resident%n", took, operator.residentKibibytes() / 1024);
            return took;
        }
    }

    private static OperatorProcess.Options options() {
        return OperatorProcess.options("footprint").asInItsImage();
    }
}
