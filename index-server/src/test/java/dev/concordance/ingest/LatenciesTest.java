package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    @Test
    void measuresFromTheChangeUntilItIsSearchable() {
        assertThat(Latencies.millis(NOON.minusMillis(840), NOON)).hasValue(840);
        assertThat(Latencies.millis(NOON.minus(Duration.ofDays(9_000)), NOON))
                .hasValue(Duration.ofDays(9_000).toMillis());
    }

    @Test
    void takesAClockThatIsALittleAheadForRight() {
        assertThat(Latencies.millis(NOON, NOON)).hasValue(0);
        assertThat(Latencies.millis(NOON.plusSeconds(60), NOON)).hasValue(0);
    }

    @Test
    void takesATimeThatCanNotBeForNone() {
        var impossible = List.of(NOON.plusMillis(60_001), Instant.EPOCH, Instant.EPOCH.minusMillis(1));
        assertThat(impossible)
                .allSatisfy(time -> assertThat(Latencies.millis(time, NOON)).isEmpty());
        assertThat(Latencies.millis(Instant.MIN, NOON)).isEmpty();
        assertThat(Latencies.millis(Instant.MAX, NOON)).isEmpty();
    }
}
