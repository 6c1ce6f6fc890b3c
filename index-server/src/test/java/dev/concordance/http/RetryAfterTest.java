package dev.concordance.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-05-04T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | PT7S",
                "0 | PT0S",
                "Mon, 4 May 2026 12:00:30 GMT | PT30S",
                "Mon, 4 May 2026 11:00:00 GMT | PT0S"
            })
    void takesSecondsAndDates(String value, Duration wait) {
        assertThat(RetryAfter.of(value, NOW)).contains(wait);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "soon", "99999999999", "Mon, 4 May"})
    void takesNothingElse(String value) {
        assertThat(RetryAfter.of(value, NOW)).isEmpty();
    }
}
