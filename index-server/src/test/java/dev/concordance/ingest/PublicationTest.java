package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.testing.Stopwatch;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PublicationTest {
    private final AtomicInteger refreshes = new AtomicInteger();

    @Test
    void refreshesAtTheEndWhereRecordsMayNotComeLater() {
        var publication = publication(refreshes::incrementAndGet, false);
        publication.begin();
        assertThat(refreshes).hasValue(0);
        publication.end(false);
        assertThat(refreshes).hasValue(1);
    }

    @Test
    void refreshesOnceWhileRecordsAreWritten() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var publication = publication(
                () -> {
                    begun.countDown();
                    refreshes.incrementAndGet();
                },
                true);
        publication.begin();
        begun.await();
        publication.end(false);
        assertThat(refreshes).hasValue(1);
    }

    @Test
    void refreshesAgainWhatWasWrittenSinceItBegan() {
        var publication = publication(refreshes::incrementAndGet, true);
        publication.begin();
        publication.end(true);
        assertThat(refreshes).hasValue(2);
    }

    @Test
    void refreshesAtTheEndWhatNobodyHasBegunWith() {
        publication(refreshes::incrementAndGet, true).end(false);
        assertThat(refreshes).hasValue(1);
    }

    @Test
    void failsAsTheRefreshHasFailed() {
        var refused = new IllegalStateException("refused");
        var publication = publication(
                () -> {
                    throw refused;
                },
                true);
        publication.begin();
        assertThatThrownBy(() -> publication.end(false)).isSameAs(refused);
    }

    @Test
    void refreshesEachHalfMinuteOfALongRound() {
        var clock = new Stopwatch();
        var publication = new Publication(refreshes::incrementAndGet, false, true, clock);
        clock.pass(Duration.ofMillis(29_999));
        publication.written();
        assertThat(refreshes).hasValue(0);
        clock.pass(Duration.ofMillis(1));
        publication.written();
        publication.written();
        assertThat(refreshes).hasValue(1);
        clock.pass(Duration.ofSeconds(30));
        publication.written();
        assertThat(refreshes).hasValue(2);
    }

    @Test
    void refreshesNothingEarlyThatNobodySearches() {
        var clock = new Stopwatch();
        var publication = new Publication(refreshes::incrementAndGet, false, false, clock);
        clock.pass(Duration.ofHours(1));
        publication.written();
        assertThat(refreshes).hasValue(0);
    }

    private static Publication publication(Runnable refresh, boolean ahead) {
        return new Publication(refresh, ahead, true, Clock.systemUTC());
    }
}
