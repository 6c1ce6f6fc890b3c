package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.localcluster.servers.KafkaProcess;
import dev.concordance.manifest.SourceManifest.Jdbc.Format;
import dev.concordance.source.Reading;
import dev.concordance.source.Sources;
import dev.concordance.source.Watch;
import dev.concordance.testing.TestTopic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic of a real broker that is listened to. */
class TopicAnnouncementsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Tells when it is closed. */
    private record Observed(Watch watch, CountDownLatch closed) implements Watch {
        @Override
        public boolean await(Duration atMost) {
            return watch.await(atMost);
        }

        @Override
        public void close() {
            watch.close();
            closed.countDown();
        }
    }

    @Test
    void hearsOfEachRecordAndEndsAtOnce(@TempDir Path folder) throws Exception {
        var closed = new CountDownLatch(1);
        var reading = new Reading(name -> folder, folder, 1_000, path -> false);
        try (var broker = KafkaProcess.start(folder.resolve("broker"), null);
                var topic = TestTopic.of(broker, 2, Map.of())) {
            var source = topic.declared(null, Format.text);
            var announcements = new Announcements(
                    List.of(source),
                    declared -> Sources.watch(declared, reading).map(watch -> new Observed(watch, closed)),
                    () -> 0.5);
            assertThat(announcements.await(LIMIT)).containsExactly(source.name());
            for (var record = 0; record < 3; record++) {
                topic.put("key " + record, "words");
                assertThat(announcements.await(LIMIT)).containsExactly(source.name());
            }
            assertThat(announcements.heard()).containsExactly(source.name());
            announcements.close();
            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(announcements.unheard()).isEmpty();
        }
    }

    @Test
    void hearsOfWhatIsWrittenBeforeItListensAgain(@TempDir Path folder) throws Exception {
        var reading = new Reading(name -> folder, folder, 1_000, path -> false);
        try (var broker = KafkaProcess.start(folder.resolve("broker"), null);
                var topic = TestTopic.of(broker, 2, Map.of());
                var watch = Sources.watch(topic.declared(null, Format.text), reading)
                        .orElseThrow()) {
            assertThat(watch.await(LIMIT)).isTrue();
            for (var record = 0; record < 3; record++) {
                topic.put("key " + record, "words");
                assertThat(watch.await(LIMIT)).isTrue();
            }
        }
    }
}
