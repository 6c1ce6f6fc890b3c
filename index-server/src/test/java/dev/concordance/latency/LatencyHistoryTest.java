package dev.concordance.latency;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.manifest.GenerationState.ChangeLatency;
import dev.concordance.manifest.ManifestJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LatencyHistoryTest {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration SLOT = Duration.ofHours(6);

    private static LatencySketch took(long millis, long documents) {
        var counts = new TreeMap<Integer, Long>();
        counts.put(LatencySketch.bucket(millis), documents);
        return new LatencySketch(counts);
    }

    private static ChangeLatency told(LatencyHistory history, Duration window, Instant now) {
        return Objects.requireNonNull(history.told(window, now));
    }

    @Test
    void tellsWhatItKnowsOfTheWholeWindow() {
        var history = LatencyHistory.NOTHING
                .plus(took(100, 96), WEEK, NOON)
                .plus(took(10_000, 3), WEEK, NOON.plusSeconds(1))
                .plus(took(60_000, 1), WEEK, NOON.plus(Duration.ofDays(3)));
        var told = told(history, WEEK, NOON.plus(Duration.ofDays(6)));
        assertThat(told.documents()).isEqualTo(100);
        assertThat(told.p50Millis()).isBetween(95L, 105L);
        assertThat(told.p95Millis()).isBetween(95L, 105L);
        assertThat(told.p99Millis()).isBetween(9_500L, 10_500L);
        assertThat(told.since()).isEqualTo(NOON);
        assertThat(told.until()).isEqualTo(NOON.plus(Duration.ofDays(3)).plus(SLOT));
        assertThat(history.slots()).hasSize(2);
    }

    @Test
    void forgetsWhatHasLeftTheWindowAlsoWhereNothingIsAdded() {
        var history = LatencyHistory.NOTHING
                .plus(took(100, 1), WEEK, NOON)
                .plus(took(200, 1), WEEK, NOON.plus(Duration.ofDays(1)));
        assertThat(told(history, WEEK, NOON.plus(WEEK)).documents()).isEqualTo(2);
        assertThat(told(history, WEEK, NOON.plus(WEEK).plus(SLOT)).documents()).isEqualTo(1);
        assertThat(history.told(WEEK, NOON.plus(WEEK).plus(Duration.ofDays(1)).plus(SLOT)))
                .isNull();
        assertThat(LatencyHistory.NOTHING.told(WEEK, NOON)).isNull();
    }

    @Test
    void holdsWhatAWindowHoldsAndLittleMore() {
        var random = new Random(5);
        var window = Duration.ofHours(1);
        var history = LatencyHistory.NOTHING;
        var all = new ArrayDeque<Instant>();
        var now = NOON;
        for (var i = 0; i < 3_000; i++) {
            now = now.plusMillis(random.nextInt(10_000));
            all.add(now);
            history = history.plus(took(1 + random.nextInt(5_000), 1), window, now);
            var end = now;
            all.removeIf(at -> !at.isAfter(end.minus(window.plus(window.dividedBy(28)))));
            var within =
                    all.stream().filter(at -> at.isAfter(end.minus(window))).count();
            assertThat(told(history, window, now).documents()).isBetween(within, (long) all.size());
            assertThat(history.slots()).hasSizeLessThanOrEqualTo(30);
        }
    }

    @Test
    void goesOnWithAnotherWindow() {
        var history = LatencyHistory.NOTHING.plus(took(100, 1), WEEK, NOON);
        var day = Duration.ofDays(1);
        history = history.plus(took(200, 1), day, NOON.plusSeconds(1));
        assertThat(told(history, day, NOON.plusSeconds(2)).documents()).isEqualTo(2);
        assertThat(told(history, day, NOON.plus(day).plus(SLOT.dividedBy(2))).documents())
                .as("a slot of the longer window stays as long as it reaches into the shorter one")
                .isEqualTo(1);
        assertThat(history.told(day, NOON.plus(day).plus(SLOT))).isNull();
    }

    @Test
    void isNotMisledForLongByAClockThatWasWrong() {
        var history = LatencyHistory.NOTHING.plus(took(100, 1), WEEK, NOON.plus(Duration.ofDays(365)));
        assertThat(history.told(WEEK, NOON)).isNull();
        assertThat(history.plus(took(200, 1), WEEK, NOON).slots()).hasSize(1);
        var ahead = LatencyHistory.NOTHING.plus(took(100, 1), WEEK, NOON.plusMillis(500));
        assertThat(told(ahead, WEEK, NOON.minusMillis(500)).documents()).isEqualTo(1);
    }

    @Test
    void comesBackFromTheLedgerAsItWas() throws JsonProcessingException {
        var history = LatencyHistory.NOTHING
                .plus(took(100, 5), WEEK, NOON)
                .plus(took(200, 1), WEEK, NOON.plus(Duration.ofDays(1)));
        var json = ManifestJson.mapper().writeValueAsString(history);
        assertThat(ManifestJson.mapper().readValue(json, LatencyHistory.class)).isEqualTo(history);
    }
}
