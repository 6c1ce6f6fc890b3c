package dev.concordance.operator.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Answers may be 60 s old, in 99 % of ten hours: so they may be older for 6 minutes. */
final class ErrorBudgetTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final ServiceLevel LEVEL =
            new ServiceLevel(Duration.ofSeconds(60), new BigDecimal("99"), Duration.ofHours(10));

    private static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }

    private static ErrorBudget budget(Breaches past, long freshAsOf) {
        return new ErrorBudget(LEVEL, past, Optional.of(at(freshAsOf)));
    }

    @Test
    void isWhatTheObjectiveLeaves() {
        assertThat(LEVEL.budget()).isEqualTo(Duration.ofMinutes(6));
        assertThat(new ServiceLevel(Duration.ofMinutes(15), new BigDecimal("99.5"), Duration.ofDays(7)).budget())
                .isEqualTo(Duration.ofSeconds(3_024));
        assertThat(LEVEL.percentOfBudget()).isEqualTo(Duration.ofMillis(3_600));
    }

    @Test
    void isWholeUntilAnswersAreTooOld() {
        var budget = budget(Breaches.NONE, 0);
        assertThat(budget.remaining(at(60))).isEqualTo(1);
        assertThat(budget.staleSince(at(60))).isEmpty();
        assertThat(budget.exhausted(at(60))).isEmpty();
    }

    @Test
    void isUsedUpToTheSecondByABreachThatGoesOn() {
        var budget = budget(Breaches.NONE, 0);
        assertThat(budget.staleSince(at(61))).contains(at(60));
        assertThat(budget.stale(LEVEL.window(), at(150))).isEqualTo(Duration.ofSeconds(90));
        assertThat(budget.remaining(at(150))).isEqualTo(0.75);
        assertThat(budget.exhausted(at(150))).contains(at(420));
        assertThat(budget.remaining(at(420))).isZero();
        assertThat(budget.remaining(at(510))).isEqualTo(-0.25);
        assertThat(budget.exhausted(at(510))).contains(at(420));
    }

    @Test
    void keepsWhatABreachHasCostAfterItIsOver() {
        var past = Breaches.NONE.followed(at(0), at(150), LEVEL);
        assertThat(past.all()).containsExactly(Breach.of(at(60), at(150)));
        assertThat(budget(past, 140).remaining(at(200))).isEqualTo(0.75);
    }

    @Test
    void hasNoBreachWhereAnswersWereFollowedInTime() {
        assertThat(Breaches.NONE.followed(at(0), at(60), LEVEL)).isEqualTo(Breaches.NONE);
    }

    @Test
    void comesBackAsBreachesLeaveTheWindow() {
        var past = Breaches.NONE.followed(at(0), at(150), LEVEL);
        var end = LEVEL.window().toSeconds();
        var fresh = budget(past, end + 100);
        assertThat(fresh.remaining(at(end + 60))).isEqualTo(0.75);
        assertThat(fresh.remaining(at(end + 105))).isEqualTo(0.875);
        assertThat(fresh.remaining(at(end + 150))).isEqualTo(1);
        assertThat(past.since(at(149))).isEqualTo(past);
        assertThat(past.since(at(150))).isEqualTo(Breaches.NONE);
    }

    @Test
    void burnsAtOneWhereTheBudgetLastsForTheWindow() {
        var past = Breaches.NONE.followed(at(0), at(60 + 36), LEVEL);
        var budget = budget(past, 3_590);
        assertThat(budget.burnRate(Duration.ofHours(1), at(3_600))).isCloseTo(1, within(1e-9));
        assertThat(budget.burnRate(Duration.ofMinutes(5), at(3_600))).isZero();
        assertThat(budget(Breaches.NONE, 0).burnRate(Duration.ofMinutes(5), at(3_600)))
                .isCloseTo(100, within(1e-9));
    }

    @Test
    void holdsAnyNumberOfBreachesInAFewAndCountsEachOfTheirSeconds() {
        var past = Breaches.NONE;
        for (var i = 0; i < 200; i++) {
            past = past.followed(at(100L * i), at(100L * i + 61 + i % 7), LEVEL);
        }
        assertThat(past.all()).hasSize(Breaches.MOST);
        var each = 0;
        for (var i = 0; i < 200; i++) {
            each += 1 + i % 7;
        }
        assertThat(past.staleAfter(START)).isEqualTo(Duration.ofSeconds(each));
        assertThat(past.all()).isSortedAccordingTo(java.util.Comparator.comparing(Breach::from));
    }

    @Test
    void isNotTouchedWhereNothingIsServed() {
        var budget = new ErrorBudget(LEVEL, Breaches.NONE, Optional.empty());
        assertThat(budget.remaining(at(1_000_000))).isEqualTo(1);
    }
}
