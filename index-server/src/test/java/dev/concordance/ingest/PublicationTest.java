package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PublicationTest {
    private final AtomicInteger refreshes = new AtomicInteger();

    @Test
    void refreshesAtTheEndWhereRecordsMayNotComeLater() {
        var publication = new Publication(refreshes::incrementAndGet, false);
        publication.begin();
        assertThat(refreshes).hasValue(0);
        publication.end(false);
        assertThat(refreshes).hasValue(1);
    }

    @Test
    void refreshesOnceWhileRecordsAreWritten() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var publication = new Publication(
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
        var publication = new Publication(refreshes::incrementAndGet, true);
        publication.begin();
        publication.end(true);
        assertThat(refreshes).hasValue(2);
    }

    @Test
    void refreshesAtTheEndWhatNobodyHasBegunWith() {
        new Publication(refreshes::incrementAndGet, true).end(false);
        assertThat(refreshes).hasValue(1);
    }

    @Test
    void failsAsTheRefreshHasFailed() {
        var refused = new IllegalStateException("refused");
        var publication = new Publication(
                () -> {
                    throw refused;
                },
                true);
        publication.begin();
        assertThatThrownBy(() -> publication.end(false)).isSameAs(refused);
    }
}
