package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.SourceException;
import dev.concordance.source.Watch;
import dev.concordance.testing.Corpora;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AnnouncementsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final List<SourceManifest> SOURCES =
            List.of(Corpora.volume("articles", null), Corpora.volume("files", null));

    /** Tells what a test wants it to. */
    private static final class FakeWatch implements Watch {
        private final LinkedBlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public boolean await(Duration atMost) {
            try {
                var change = changes.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
                if (Boolean.FALSE.equals(change)) {
                    throw SourceException.of("articles", FailureReason.SourceUnreachable, "no answer", null);
                }
                return change != null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    void tellsWhichSourceHasChangedAndNothingOfThoseThatHaveToBeAsked() {
        var watch = new FakeWatch();
        try (var announcements = announcements(watch)) {
            assertThat(announcements.await(Duration.ofMillis(1))).isEmpty();
            watch.changes.add(true);
            assertThat(announcements.await(LONG)).isEqualTo(Set.of("articles"));
        }
    }

    @Test
    void watchesAgainAfterAFailure() {
        var watch = new FakeWatch();
        try (var announcements = announcements(watch)) {
            watch.changes.add(false);
            watch.changes.add(true);
            assertThat(announcements.await(LONG)).isEqualTo(Set.of("articles"));
        }
    }

    @Test
    void saysWhatItHearsAndWhatNotAndWhy() {
        var watch = new FakeWatch();
        try (var announcements = announcements(watch)) {
            assertThat(announcements.heard()).isEmpty();
            watch.changes.add(true);
            assertThat(announcements.await(LONG)).isNotEmpty();
            assertThat(announcements.heard()).containsExactly("articles");
            assertThat(announcements.unheard()).isEmpty();
            watch.changes.add(false);
            until(() -> announcements.heard().isEmpty()
                    && announcements
                            .unheard()
                            .filter(why -> why.contains("no answer"))
                            .isPresent());
            watch.changes.add(true);
            assertThat(announcements.await(LONG)).isNotEmpty();
            assertThat(announcements.heard()).containsExactly("articles");
            assertThat(announcements.unheard()).isEmpty();
        }
    }

    @Test
    void letsGoOfWhatItWatched() throws InterruptedException {
        var watch = new FakeWatch();
        announcements(watch).close();
        assertThat(watch.closed.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private static void until(BooleanSupplier condition) {
        var deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static Announcements announcements(FakeWatch watch) {
        return new Announcements(
                SOURCES, source -> source.name().equals("articles") ? Optional.of(watch) : Optional.empty(), () -> 0.5);
    }
}
