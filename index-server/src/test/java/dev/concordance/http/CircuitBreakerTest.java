package dev.concordance.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private final VirtualTime time = new VirtualTime();
    private final CircuitBreaker breaker = new CircuitBreaker(time);

    @Test
    void opensAfterFiveFailuresInARow() {
        fail(4);
        breaker.succeeded();
        fail(4);
        assertThat(breaker.pause()).isZero();
        assertThat(breaker.isOpen()).isFalse();
        fail(1);
        assertThat(breaker.pause()).isEqualTo(Duration.ofSeconds(2));
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void letsOneTryWhenItsTimeIsOverAndTheOthersWait() {
        fail(5);
        time.pause(Duration.ofSeconds(2));
        assertThat(breaker.pause()).isZero();
        assertThat(breaker.pause()).isEqualTo(Duration.ofSeconds(2));
        breaker.succeeded();
        assertThat(breaker.pause()).isZero();
        assertThat(breaker.isOpen()).isFalse();
    }

    @Test
    void waitsLongerAfterEachTrialThatFailsAndNotForCallsThatWereUnderWay() {
        fail(40);
        var expected = Duration.ofSeconds(2);
        for (var trial = 0; trial < 8; trial++) {
            assertThat(breaker.pause()).isEqualTo(expected);
            time.pause(expected);
            assertThat(breaker.pause()).isZero();
            fail(1);
            expected = expected.multipliedBy(2).compareTo(Duration.ofSeconds(30)) < 0
                    ? expected.multipliedBy(2)
                    : Duration.ofSeconds(30);
        }
    }

    @Test
    void letsAnotherTryIfNobodyHearsOfTheFirst() {
        fail(5);
        time.pause(Duration.ofSeconds(2));
        assertThat(breaker.pause()).isZero();
        time.pause(Duration.ofSeconds(2));
        assertThat(breaker.pause()).isZero();
    }

    private void fail(int times) {
        for (var i = 0; i < times; i++) {
            breaker.failed();
        }
    }
}
