package dev.concordance.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.http.VirtualTime;
import dev.concordance.manifest.SourceManifest.RateLimit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private final VirtualTime time = new VirtualTime();

    @Test
    void spreadsRequestsOverTheMinute() throws IOException {
        var throttle = new Throttle(new RateLimit(30, 0), time);
        for (var i = 0; i < 31; i++) {
            throttle.request();
        }
        assertThat(passed()).as("the first goes at once").isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void doesNotSaveUpWhatWasNotAskedFor() throws IOException {
        var throttle = new Throttle(new RateLimit(60, 0), time);
        time.pause(Duration.ofHours(1));
        throttle.request();
        throttle.request();
        throttle.request();
        assertThat(passed()).isEqualTo(Duration.ofHours(1).plusSeconds(2));
    }

    @Test
    void slowsBytesOfAllDocumentsTogether() throws IOException {
        var throttle = new Throttle(new RateLimit(0, 100_000), time);
        var document = new byte[500_000];
        assertThat(throttle.slowed(new ByteArrayInputStream(document)).readAllBytes())
                .isEqualTo(document);
        assertThat(throttle.slowed(new ByteArrayInputStream(document)).readAllBytes())
                .hasSize(document.length);
        assertThat(throttle.slowed(new ByteArrayInputStream(new byte[1])).read())
                .isZero();
        assertThat(passed()).isBetween(Duration.ofMillis(9_900), Duration.ofMillis(10_100));
    }

    @Test
    void waitsForNothingWithoutALimit() throws IOException {
        var throttle = new Throttle(RateLimit.NONE, time);
        for (var i = 0; i < 1_000; i++) {
            throttle.request();
        }
        throttle.slowed(new ByteArrayInputStream(new byte[1 << 20])).readAllBytes();
        assertThat(passed()).isZero();
    }

    @Test
    void asksWithEachRequestWhetherTheRunGoesOnThoughThereIsNoLimit() throws IOException {
        var throttle = new Throttle(RateLimit.NONE, time);
        var asked = new AtomicInteger();
        throttle.stopBy(asked::incrementAndGet);
        for (var i = 0; i < 3; i++) {
            throttle.request();
        }
        assertThat(asked).hasValue(3);
    }

    @Test
    void waitsNoLongerThanTheRunGoesOn() throws IOException {
        var throttle = new Throttle(new RateLimit(1, 0), time);
        throttle.request();
        throttle.stopBy(() -> {
            if (passed().compareTo(Duration.ofSeconds(3)) > 0) {
                throw new IllegalStateException("told to end");
            }
        });
        assertThatThrownBy(throttle::request).hasMessage("told to end");
        assertThat(passed()).isLessThan(Duration.ofSeconds(4));
    }

    private Duration passed() {
        return Duration.ofNanos(time.nanos());
    }
}
