package dev.concordance.operator.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunTimingTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest(name = "{0} after {1}")
    @CsvSource({
        "0 3 * * *,     2026-01-10T01:59:59Z, 2026-01-10T02:00:00Z",
        "0 3 * * *,     2026-01-10T02:00:00Z, 2026-01-11T02:00:00Z",
        "0 3 * * *,     2026-07-10T01:00:00Z, 2026-07-11T01:00:00Z",
        "*/20 * * * *,  2026-01-10T02:01:00Z, 2026-01-10T02:20:00Z",
        "0 9 * * 1-5,   2026-01-09T09:00:00Z, 2026-01-12T08:00:00Z",
        "0 9 * * MON,   2026-01-09T09:00:00Z, 2026-01-12T08:00:00Z",
        "0 0 29 2 *,    2026-01-10T00:00:00Z, 2028-02-28T23:00:00Z",
        // On 29 March 2026 clocks go from 2 to 3: there is no half past two.
        "30 2 * * *,    2026-03-28T12:00:00Z, 2026-03-30T00:30:00Z",
        // On 25 October 2026 they go from 3 back to 2: half past two comes twice.
        "30 2 * * *,    2026-10-24T12:00:00Z, 2026-10-25T00:30:00Z",
        "30 2 * * *,    2026-10-25T00:30:00Z, 2026-10-26T01:30:00Z",
    })
    void isPinnedToTheMomentsOfACronExpression(String cron, Instant moment, Instant next) {
        assertThat(new CronSchedule(cron, BERLIN).after(moment)).isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource({"0 0 30 2 *", "61 * * * *", "0 3 * *", "nonsense"})
    void refusesAnExpressionThatNamesNoMoment(String cron) {
        assertThatThrownBy(() -> new CronSchedule(cron, BERLIN)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{0} to {1} at {2}")
    @CsvSource({
        "22:00, 06:00, 2026-01-10T20:59:59Z, 2026-01-10T21:00:00Z",
        "22:00, 06:00, 2026-01-10T21:00:00Z, 2026-01-10T21:00:00Z",
        "22:00, 06:00, 2026-01-11T04:59:59Z, 2026-01-11T04:59:59Z",
        "22:00, 06:00, 2026-01-11T05:00:00Z, 2026-01-11T21:00:00Z",
        "08:00, 12:00, 2026-01-10T06:00:00Z, 2026-01-10T07:00:00Z",
        "08:00, 12:00, 2026-01-10T10:59:59Z, 2026-01-10T10:59:59Z",
        "08:00, 12:00, 2026-01-10T11:00:00Z, 2026-01-11T07:00:00Z",
        // The night in which half past two does not exist.
        "02:30, 04:00, 2026-03-29T00:00:00Z, 2026-03-29T01:30:00Z",
    })
    void opensAtTheBeginningOfTheWindow(LocalTime from, LocalTime until, Instant moment, Instant open) {
        assertThat(new DailyWindow(from, until, BERLIN).open(moment)).isEqualTo(open);
    }

    @Test
    void isOpenAtAllTimesWithoutAWindow() {
        var level = new ServiceLevel(
                java.time.Duration.ofMinutes(1), java.math.BigDecimal.TEN, java.time.Duration.ofDays(1));
        var timing = new RunTiming(level, java.util.Optional.empty(), java.util.Optional.empty(), false, false);
        assertThat(timing.open(Instant.EPOCH, new Spread(0.5))).isEqualTo(Instant.EPOCH);
    }

    @ParameterizedTest(name = "{0} to {1} at {2}, with a share of {3}")
    @CsvSource({
        "22:00, 06:00, 2026-01-10T20:59:59Z, 0.5, 2026-01-10T21:00:30Z",
        "22:00, 06:00, 2026-01-10T21:00:29Z, 0.5, 2026-01-10T21:00:30Z",
        "22:00, 06:00, 2026-01-10T21:00:31Z, 0.5, 2026-01-10T21:00:31Z",
        "22:00, 06:00, 2026-01-11T05:00:00Z, 0.5, 2026-01-11T21:00:30Z",
        // Less than a minute before midnight, after which it begins for some.
        "23:59, 06:00, 2026-01-10T22:59:10Z, 0.99, 2026-01-10T22:59:59.400Z",
        "08:00, 08:05, 2026-01-10T06:00:00Z, 0.5, 2026-01-10T07:00:15Z",
        "08:00, 08:01, 2026-01-10T06:00:00Z, 0.99, 2026-01-10T07:00:05.940Z",
    })
    void opensForOneOfManyAtMostAMinuteOrATenthOfTheWindowLater(
            LocalTime from, LocalTime until, Instant moment, double share, Instant open) {
        assertThat(new DailyWindow(from, until, BERLIN)
                        .spread(new Spread(share))
                        .open(moment))
                .isEqualTo(open);
    }
}
