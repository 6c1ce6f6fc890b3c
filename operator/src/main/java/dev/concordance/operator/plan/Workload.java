package dev.concordance.operator.plan;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * How much is done, planned or counted.
 *
 * @param chunks that are written
 * @param reused vectors that are there already
 * @param computed vectors that are computed; of a plan at most
 * @param tokens that go through the model for them
 * @param cost of these; empty: the model has no price
 * @param duration empty: nothing was measured
 * @param diskBytes that are needed besides at the peak; empty: not known
 */
public record Workload(
        long documents,
        long chunks,
        long reused,
        long computed,
        long tokens,
        Optional<Cost> cost,
        Optional<Duration> duration,
        Optional<Long> diskBytes) {
    /** Money in a currency. */
    public record Cost(BigDecimal money, String currency) {}
}
