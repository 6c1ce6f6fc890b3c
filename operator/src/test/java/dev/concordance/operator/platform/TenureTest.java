package dev.concordance.operator.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.operator.platform.Tenure.Reading;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A process knows when its time is over, though nobody tells it. */
final class TenureTest {
    private static final Instant RENEWED = Instant.parse("2026-05-04T12:00:00Z");

    private final Tenure tenure = new Tenure(Duration.ofSeconds(10));

    @Test
    void goesOnUntilTheLeaseHasBeenReadOnce() {
        assertThat(tenure.isOver(RENEWED.plusSeconds(60))).isFalse();
    }

    @Test
    void endsWhenTheLeaseHasNotBeenRenewedForTooLong() {
        tenure.read(new Reading(true, RENEWED));
        assertThat(tenure.isOver(RENEWED.plusSeconds(10))).isFalse();
        assertThat(tenure.isOver(RENEWED.plusSeconds(11))).isTrue();
    }

    @Test
    void goesOnWhenItIsRenewed() {
        tenure.read(new Reading(true, RENEWED));
        tenure.read(new Reading(true, RENEWED.plusSeconds(2)));
        assertThat(tenure.isOver(RENEWED.plusSeconds(12))).isFalse();
    }

    @Test
    void endsAtOnceWhenTheLeaseIsAnothers() {
        tenure.read(new Reading(true, RENEWED));
        tenure.read(new Reading(false, RENEWED.plusSeconds(1)));
        assertThat(tenure.isOver(RENEWED.plusSeconds(1))).isTrue();
    }
}
