package dev.concordance.source.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.localcluster.servers.ObjectStoreProcess;
import dev.concordance.localcluster.servers.QueueProcess;
import dev.concordance.source.SourceException;
import dev.concordance.testing.EventfulBucket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a real server of queues. */
class QueueWatchIT {
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final String CREATED = "ObjectCreated:Put";
    private static ObjectStoreProcess store;
    private static QueueProcess queues;
    private EventfulBucket bucket;
    private QueueWatch watch;

    @BeforeAll
    static void start(@TempDir Path folder) {
        store = ObjectStoreProcess.start(folder.resolve("store"), 0);
        queues = QueueProcess.start(folder.resolve("queues"), 0);
    }

    @AfterAll
    static void stop() {
        queues.close();
        store.close();
    }

    @BeforeEach
    void makeABucket(@TempDir Path folder) throws IOException {
        bucket = new EventfulBucket(store, queues, folder.resolve("secret"));
        watch = new QueueWatch(bucket.source(), bucket.location(), bucket.queue(), bucket.secret());
    }

    @AfterEach
    void close() {
        watch.close();
        bucket.close();
    }

    @Test
    void hearsOfAnObjectOnceAndLeavesNothingInTheQueue() {
        bucket.createQueue();
        assertThat(watch.await(AT_ONCE)).isFalse();
        bucket.tell(CREATED, "docs/ü b+50%41.md");
        assertThat(watch.await(AT_ONCE)).isTrue();
        bucket.tell("ObjectRemoved:Delete", "docs/ü b+50%41.md");
        assertThat(watch.await(AT_ONCE)).isTrue();
        assertThat(watch.await(AT_ONCE)).isFalse();
        assertThat(bucket.waiting()).isZero();
    }

    @Test
    void takesOutWhatIsNotForItAndSaysNothing() {
        bucket.createQueue();
        bucket.tell(CREATED, "elsewhere/a.md");
        bucket.send("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"handbook\"}");
        bucket.send("no event");
        bucket.send("x".repeat(200_000));
        while (bucket.waiting() > 0) {
            assertThat(watch.await(AT_ONCE)).isFalse();
        }
    }

    @Test
    void takesManyMessagesAFewAtATime() {
        bucket.createQueue();
        IntStream.range(0, 35).forEach(i -> bucket.tell(CREATED, "docs/%d.md".formatted(i)));
        var heard = 0;
        while (bucket.waiting() > 0) {
            assertThat(watch.await(AT_ONCE)).isTrue();
            heard++;
        }
        assertThat(heard).isBetween(4, 35);
    }

    @Test
    void wakesUpWhenAnEventComes() throws Exception {
        bucket.createQueue();
        assertThat(watch.await(AT_ONCE)).isFalse();
        var woken = CompletableFuture.supplyAsync(() -> watch.await(Duration.ofSeconds(20)));
        bucket.tell(CREATED, "docs/a.md");
        assertThat(woken.get(15, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void saysThatThereIsNoQueueUntilThereIsOne() {
        assertThatThrownBy(() -> watch.await(AT_ONCE))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining(
                        "source files: there is no queue " + bucket.queue().url())
                .hasMessageContaining("correct queueUrl and region of s3.notifications.sqs, or create it")
                .hasMessageEndingWith("it is asked for changes more often instead");
        bucket.createQueue();
        bucket.tell(CREATED, "docs/a.md");
        assertThat(watch.await(AT_ONCE)).isTrue();
    }

    @Test
    void saysThatNobodyAnswersAndGoesOnWhenSomebodyDoes(@TempDir Path folder) {
        bucket.createQueue();
        assertThat(watch.await(AT_ONCE)).isFalse();
        var port = queues.url().getPort();
        queues.close();
        assertThatThrownBy(() -> watch.await(AT_ONCE))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("can't be read");
        queues = QueueProcess.start(folder, port);
        bucket.createQueue();
        bucket.tell(CREATED, "docs/a.md");
        assertThat(watch.await(AT_ONCE)).isTrue();
    }
}
