package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.index.IndexException;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.ErasureOrder;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.RunSpecification.DeletionGuard;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Tombstone;
import dev.concordance.manifest.Tombstones;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.TestInbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What serves is followed while another generation is built from the same sources; neither knows of the other but by the ledger. */
class SideBySideIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int LIVE = 1;
    private static final int CANDIDATE = 2;
    private static final int DOCUMENTS = 12;
    private static final DeletionGuard GUARD = new DeletionGuard(2, 10, null, LIVE);
    private static final Embedder MODEL = SmallModel.get();
    private static final String SUBJECT = "---\ncustomer: 4711\n---\n# Contract\n\nJane Roe rents the blue house.\n";
    private static final Tombstone ERASED = new Tombstone(
            "0d1c0f5e-64a6-4b0c-9d3a-0c2a4f6b8e77",
            List.of(),
            List.of(),
            List.of(),
            List.of(Map.of("customer", "4711")));

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final StopSignal stop = new StopSignal();
    private RecordingProxy proxy;
    private Corpora corpus;
    private TestInbox pushed;

    @BeforeEach
    void fillTheLiveGeneration() throws IOException {
        proxy = RecordingProxy.start(SharedNode.url());
        corpus = Corpora.in(folder, SharedNode.url(), MODEL, null);
        corpus.create(Corpora.manifest(LIVE));
        corpus.create(Corpora.manifest(CANDIDATE));
        pushed = new TestInbox(corpus.connection(), corpus.names().inbox(), Clock.systemUTC()).create();
        for (var i = 0; i < DOCUMENTS; i++) {
            corpus.write("d%02d.md".formatted(i), "# Title %1$d\n\nWords of document %1$d.\n".formatted(i));
        }
        corpus.write("subject.md", SUBJECT);
        pushed.put("early", "# Early\n\nWords that were pushed.\n");
        corpus.run(guarded("r1", LIVE));
    }

    @AfterEach
    void stopAll() {
        stop.give();
        threads.close();
        pushed.elasticsearch().close();
        proxy.close();
    }

    @Test
    void keepsBothInStepAndBringsWhatIsPushedToBoth() throws Exception {
        var follower = follow();
        var hold = new Disturbance.Hold();
        proxy.disturb(call -> call.isTo("-g2/_bulk"), 1, hold);
        var build = build("b1");
        hold.awaitCall();
        for (var i = 0; i < DOCUMENTS; i++) {
            corpus.write("new%02d.md".formatted(i), "# New %1$d\n\nWritten during the build, %1$d.\n".formatted(i));
        }
        Files.delete(folder.resolve("data").resolve("d00.md"));
        pushed.put("late", "# Late\n\nWords that were pushed during the build.\n");
        until(() -> documents(LIVE).size() == 2 * DOCUMENTS + 2);
        var epoch = corpus.ledger("lease").path("epoch").asLong();
        hold.release();
        build.get();

        assertThat(follower.isDone()).as("it was followed all the time").isFalse();
        assertThat(state(CANDIDATE).has("withheld"))
                .as("what came after the listing is not taken for gone")
                .isFalse();
        corpus.run(Corpora.building(guarded("b2", CANDIDATE)));
        assertThat(corpus.ledger("lease").path("epoch").asLong()).isGreaterThan(epoch);
        assertThat(documents(CANDIDATE)).isEqualTo(documents(LIVE)).contains(TestInbox.SOURCE + ":late");
        assertThat(corpus.ledger("reached-2")).isNotEmpty();
        corpus.write("last.md", "# Last\n\nIt is followed still.\n");
        until(() -> documents(LIVE).contains("files:last.md"));
        stop.give();
        follower.get();
        assertThat(corpus.ledger("lease").path("unfinished").isEmpty()).isTrue();
    }

    @Test
    void undoesNoErasureThatTakesTheLeaseFromBoth() throws Exception {
        var follower = follow();
        var hold = new Disturbance.Hold();
        proxy.disturb(call -> call.isTo("-g2/_bulk"), 1, hold);
        var build = build("b1");
        hold.awaitCall();

        corpus.erase("erasing", Corpora.manifest(LIVE), new ErasureOrder(ERASED, 10), List.of(push()));
        corpus.write("other.md", "# Other\n\nWords for a follower that holds nothing any more.\n");
        hold.release();

        assertThatThrownBy(build::get)
                .rootCause()
                .isInstanceOfSatisfying(
                        IndexException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.LeaseLost));
        assertThatThrownBy(follower::get)
                .rootCause()
                .isInstanceOfSatisfying(
                        IndexException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.LeaseLost));
        for (var generation : List.of(LIVE, CANDIDATE)) {
            assertThat(documents(generation)).doesNotContain("files:subject.md", "files:other.md");
            assertThatThrownBy(() -> corpus.run(guarded("untold", generation)))
                    .isInstanceOfSatisfying(
                            IndexException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.Superseded));
            corpus.run(Corpora.without(guarded("told", generation), Tombstones.of(List.of(ERASED))));
            assertThat(documents(generation)).doesNotContain("files:subject.md").hasSize(DOCUMENTS + 2);
        }
    }

    private Future<?> follow() {
        var specification = Corpora.following(guarded("f1", LIVE), Duration.ofSeconds(2));
        var follower = CompletableFuture.runAsync(() -> corpus.follow(specification, stop), threads);
        until(() -> state(LIVE).has("followed"));
        return follower;
    }

    private Future<?> build(String run) {
        var through = corpus.through(proxy.url());
        return CompletableFuture.supplyAsync(() -> through.run(Corpora.building(guarded(run, CANDIDATE))), threads);
    }

    private RunSpecification guarded(String run, int generation) {
        GenerationManifest manifest = Corpora.manifest(generation);
        return Corpora.guarded(
                corpus.specification(run, manifest, List.of(LIVE), List.of(corpus.source(), push())), GUARD);
    }

    private static SourceManifest push() {
        return new SourceManifest(
                TestInbox.SOURCE, new SourceManifest.Push(), List.of(), List.of(), "https://example.org/{id}", null);
    }

    private JsonNode state(int generation) {
        return corpus.ledger(GenerationState.id(generation));
    }

    private Set<String> documents(int generation) {
        return IndexSnapshot.of(SharedNode.url(), corpus.names().generation(generation))
                .documents()
                .keySet();
    }

    private static void until(BooleanSupplier condition) {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
