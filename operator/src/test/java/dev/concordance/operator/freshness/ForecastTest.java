package dev.concordance.operator.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Answers are too old in 100 s; they may be 900 s old. */
final class ForecastTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant DEADLINE = NOW.plusSeconds(100);
    private static final Duration MAX = Duration.ofSeconds(900);

    private static Forecast expecting(long seconds, boolean underWay) {
        return new Forecast(DEADLINE, Optional.of(NOW.plusSeconds(seconds)), underWay, MAX);
    }

    @Test
    void foreseesABreachWhereTheNextResultComesTooLate() {
        assertThat(expecting(100, true).foreseesBreach(NOW)).isFalse();
        assertThat(expecting(101, true).foreseesBreach(NOW)).isTrue();
    }

    @Test
    void foreseesOneWhereNothingCanBeExpectedAndHalfOfTheTimeHasPassed() {
        var hopeless = Forecast.hopeless(NOW, MAX);
        assertThat(hopeless.deadline()).isEqualTo(NOW.plus(MAX));
        assertThat(hopeless.foreseesBreach(NOW.plusSeconds(449))).isFalse();
        assertThat(hopeless.foreseesBreach(NOW.plusSeconds(450))).isTrue();
    }

    @Test
    void looksMoreOftenTheNearerTheDeadlineIs() {
        assertThat(expecting(50, true).nextLook(NOW)).isEqualTo(NOW.plusMillis(12_500));
        assertThat(expecting(50, true).nextLook(NOW.plusSeconds(98))).isEqualTo(NOW.plusSeconds(99));
        assertThat(expecting(50, true).nextLook(DEADLINE.minusMillis(200))).isEqualTo(DEADLINE);
        assertThat(expecting(50, true).nextLook(DEADLINE.plusSeconds(1))).isEqualTo(DEADLINE);
    }

    @Test
    void looksNotBeforeTheDeadlineWhereThingsTakeTheirCourse() {
        assertThat(expecting(50, false).nextLook(NOW)).isEqualTo(DEADLINE);
    }
}
