package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.ObjectStoreProcess;
import dev.concordance.localcluster.servers.QueueProcess;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.EventfulBucket;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.Stopwatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that follows a bucket whose events arrive in a queue. */
class NotifiedIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration LONG = Duration.ofHours(12);
    private static final Duration STALENESS = Duration.ofMinutes(10);
    /** A fifth of it, and less than a bucket is left alone for that is heard. */
    private static final Duration UNHEARD = Duration.ofMinutes(2);
    /** Less than a bucket is left alone for if nothing is heard of it. */
    private static final Duration SHORT = Duration.ofSeconds(9);

    private static final String CREATED = "ObjectCreated:Put";
    private static final GenerationManifest MANIFEST = Corpora.manifest(1);
    private static ObjectStoreProcess store;
    private static QueueProcess queues;

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<StopSignal> stops = new ArrayList<>();
    private EventfulBucket bucket;
    private Corpora corpus;

    @BeforeAll
    static void start(@TempDir Path servers) {
        store = ObjectStoreProcess.start(servers.resolve("store"), 0);
        queues = QueueProcess.start(servers.resolve("queues"), 0);
    }

    @AfterAll
    static void stop() {
        queues.close();
        store.close();
    }

    @BeforeEach
    void makeACorpus() throws IOException {
        bucket = new EventfulBucket(store, queues, folder.resolve("secret"));
        bucket.put("docs/keep.md", "Some words.");
        corpus = another();
        corpus.create(MANIFEST);
    }

    @AfterEach
    void stopAll() {
        stops.forEach(StopSignal::give);
        threads.close();
        bucket.close();
    }

    @Test
    void listsTheBucketWhenAnEventArrivesLongBeforeItWouldBeAsked() throws Exception {
        bucket.createQueue();
        var clock = new Stopwatch();
        var stop = new StopSignal();
        var follower = follow(LONG, clock, stop);
        awaitDocuments(follower, 1);
        for (var round = 2; round < 6; round++) {
            bucket.put("docs/%d.md".formatted(round), "# Title\n\nWords of document %d.\n".formatted(round));
            bucket.tell(CREATED, "docs/%d.md".formatted(round));
            clock.pass(SHORT);
            awaitDocuments(follower, round);
        }
        bucket.delete("docs/2.md");
        bucket.tell("ObjectRemoved:Delete", "docs/2.md");
        clock.pass(SHORT);
        awaitDocuments(follower, 4);
        assertThat(bucket.waiting()).isZero();
        bucket.put("docs/untold.md", "# Untold\n\nNobody tells of it.\n");
        clock.passSeen(Duration.ofMinutes(13));
        assertThat(corpus.ledger("generation-1").path("documents").asLong())
                .as("before the quarter of an hour is over")
                .isEqualTo(4);
        clock.pass(Duration.ofMinutes(2));
        awaitDocuments(follower, 5);
        stop.give();
        follower.get();
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void asksTheBucketWhileThereIsNoQueueAndSaysSoUntilThereIsOne() throws Exception {
        var clock = new Stopwatch();
        var stop = new StopSignal();
        var follower = follow(STALENESS, clock, stop);
        awaitDocuments(follower, 1);
        until(() -> report().path("unheard").asText().contains("there is no queue"));
        assertThat(report().path("phase").asText()).isEqualTo("Following");
        assertThat(report().has("failure")).isFalse();
        bucket.put("docs/a.md", "# A\n\nNobody tells of it.\n");
        clock.pass(UNHEARD.plus(SHORT));
        awaitDocuments(follower, 2);
        bucket.createQueue();
        until(() -> !report().has("unheard"));
        stop.give();
        follower.get();
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    private CompletableFuture<Void> follow(Duration maxStaleness, Clock clock, StopSignal stop) {
        stops.add(stop);
        return CompletableFuture.runAsync(() -> corpus.follow(specification(maxStaleness), clock, stop), threads);
    }

    private RunSpecification specification(Duration maxStaleness) {
        return Corpora.following(
                corpus.specification("f1", MANIFEST, List.of(), List.of(corpus.source())), maxStaleness);
    }

    private void awaitDocuments(CompletableFuture<Void> follower, long documents) throws Exception {
        until(() -> follower.isDone()
                || corpus.ledger("generation-1").path("documents").asLong() == documents);
        if (follower.isDone()) {
            follower.get();
            throw new AssertionError("it has ended");
        }
    }

    private JsonNode report() {
        return corpus.ledger("run-f1");
    }

    private static void until(BooleanSupplier condition) {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private Corpora another() throws IOException {
        var any = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        return new Corpora(
                any.elasticsearch(), any.model(), bucket.source(), bucket.secret(), any.workspace(), any.names());
    }

    private IndexSnapshot fresh() throws IOException {
        var other = another();
        other.create(MANIFEST);
        other.run("fresh", MANIFEST, List.of());
        return snapshot(other);
    }

    private static IndexSnapshot snapshot(Corpora of) {
        return IndexSnapshot.of(SharedNode.url(), of.names().generation(1));
    }
}
