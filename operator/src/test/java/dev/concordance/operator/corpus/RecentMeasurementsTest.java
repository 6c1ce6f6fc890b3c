package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.Throughput;
import dev.concordance.operator.elastic.Measurements;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RecentMeasurementsTest {
    private final RecentMeasurements measurements = new RecentMeasurements();
    private Instant now = Instant.parse("2026-05-04T12:00:00Z");
    private int measured;

    @Test
    void measuresOnceAMinute() {
        assertThat(look(1)).isEqualTo(1);
        now = now.plus(Duration.ofSeconds(59));
        assertThat(look(1)).isEqualTo(1);
        now = now.plus(Duration.ofSeconds(1));
        assertThat(look(1)).isEqualTo(2);
    }

    @Test
    void measuresAnotherGenerationAtOnce() {
        assertThat(look(1)).isEqualTo(1);
        assertThat(look(2)).isEqualTo(2);
        measurements.forget("docs/handbook");
        assertThat(look(2)).isEqualTo(3);
    }

    private long look(int live) {
        return measurements
                .of(
                        "docs/handbook",
                        live,
                        now,
                        () -> new Measurements(Throughput.NOTHING, ++measured, Optional.empty()))
                .liveBytes();
    }
}
