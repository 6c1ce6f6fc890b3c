package dev.concordance.operator.freshness;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * What is promised of the age of answers.
 *
 * @param maxStaleness answers are not to be older
 * @param objective in so many percent of the time
 * @param window of the time that has passed last
 */
public record ServiceLevel(Duration maxStaleness, BigDecimal objective, Duration window) {
    private static final BigDecimal ALL = BigDecimal.valueOf(100);
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** How long it takes while answers are too old until a percent less of the budget is left; at least a second. */
    public Duration percentOfBudget() {
        var percent = budget().dividedBy(ALL.intValue());
        return percent.compareTo(SHORTEST) < 0 ? SHORTEST : percent;
    }

    /** How long answers may be older within a window. */
    public Duration budget() {
        var allowed = ALL.subtract(objective).divide(ALL);
        return Duration.ofMillis(BigDecimal.valueOf(window.toMillis())
                .multiply(allowed)
                .setScale(0, RoundingMode.HALF_UP)
                .longValueExact());
    }
}
