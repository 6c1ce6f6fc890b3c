package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.embedding.Embedder;
import dev.concordance.index.IndexException;
import dev.concordance.index.Shard;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.Lease;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.RunSpecification.DeletionGuard;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.IngestProcess;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that prepare a run side by side, and the run that follows them: the index is what one worker makes of the sources. */
class ShardsIT {
    private static final int SHARDS = 4;
    private static final int DOCUMENTS = 80;
    private static final GenerationManifest MANIFEST = Corpora.manifest(1);
    private static final Embedder MODEL = SmallModel.get();

    @TempDir
    private Path folder;

    private RecordingProxy proxy;
    private Corpora corpus;

    @BeforeEach
    void makeACorpus() throws IOException {
        proxy = RecordingProxy.start(SharedNode.url());
        corpus = another().through(proxy.url());
        corpus.create(MANIFEST);
        for (var i = 0; i < DOCUMENTS; i++) {
            write(i, "Words number %d.".formatted(i));
        }
    }

    @AfterEach
    void closeTheProxy() {
        proxy.close();
    }

    @Test
    void makesOfTheSourcesWhatOneWorkerMakesOfThem() throws Exception {
        var counts = prepare("r1");
        assertThat(counts.stream().mapToLong(Counts::added)).allMatch(added -> added > 0);
        assertThat(counts.stream().mapToLong(Counts::added).sum()).isEqualTo(DOCUMENTS);
        assertThat(unfinished()).as("nothing is left to be looked for").isEmpty();
        var run = corpus.run("r1", MANIFEST, List.of());
        assertThat(run.unchanged()).isEqualTo(DOCUMENTS);
        assertThat(run.embedded() + run.chunksWritten()).isZero();
        assertThat(corpus.ledger("generation-1").path("documents").asLong()).isEqualTo(DOCUMENTS);
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void doesTheShardOfAKilledWorkerAloneAgain() throws Exception {
        var specification = specification("r1");
        var hold = new Disturbance.Hold();
        var lost = new Shard(1, SHARDS);
        proxy.disturb(call -> call.isTo("-g1-manifest/_bulk"), 1, hold);
        try (var process = IngestProcess.start(specification, lost, folder.resolve("w1"), mounts(), 256)) {
            hold.awaitCall();
            process.kill();
            hold.drop();
        }
        proxy.calm();
        for (var number : List.of(0, 2, 3)) {
            corpus.prepare(specification, new Shard(number, SHARDS));
        }
        assertThat(unfinished()).as("chunks that no record knows").containsExactly(1L);
        try (var process = IngestProcess.start(specification, lost, folder.resolve("w2"), mounts(), 256)) {
            assertThat(process.exitCode()).as(String.join("\n", process.log())).isZero();
        }
        assertThat(unfinished()).containsExactly(1L);
        assertThat(corpus.run(specification).pending()).isZero();
        assertThat(unfinished()).isEmpty();
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void doesInTheRunWhatAShardHasNotDone() throws Exception {
        corpus.prepare(specification("r1"), new Shard(0, SHARDS));
        var run = corpus.run("r1", MANIFEST, List.of());
        assertThat(run.added()).isPositive();
        assertThat(run.added() + run.unchanged()).isEqualTo(DOCUMENTS);
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void stopsAWorkerThatStillWritesWhenTheRunHasBegun() throws Exception {
        var hold = new Disturbance.Hold();
        proxy.disturb(call -> call.isTo("-g1/_bulk"), 1, hold);
        var late = CompletableFuture.supplyAsync(() -> corpus.prepare(specification("r1"), new Shard(2, SHARDS)));
        hold.awaitCall();
        corpus.run("r1", MANIFEST, List.of());
        hold.release();
        assertThatThrownBy(late::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        IndexException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.LeaseLost));
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void leavesWhatDisappearsToTheGuardOfTheRun() throws Exception {
        corpus.run("r1", MANIFEST, List.of());
        for (var i = 0; i < 30; i++) {
            Files.delete(file(i));
            Files.write(file(i + 30), new byte[] {'a', 0, 'b'});
        }
        write(79, "Other words.");
        var guarded = Corpora.guarded(specification("r2"), new DeletionGuard(5, 5, null, 1));
        var prepared = IntStream.range(0, SHARDS)
                .mapToObj(number -> corpus.prepare(guarded, new Shard(number, SHARDS)))
                .toList();
        assertThat(prepared.stream().mapToLong(Counts::updated).sum()).isEqualTo(1);
        assertThat(snapshot(corpus).documents()).as("nothing is lost").hasSize(DOCUMENTS);
        var run = corpus.run(guarded);
        assertThat(run.deleted()).isZero();
        assertThat(corpus.ledger("generation-1")
                        .path("withheld")
                        .path("documents")
                        .asLong())
                .isEqualTo(60);
        assertThat(snapshot(corpus).documents()).hasSize(DOCUMENTS);
    }

    private List<Counts> prepare(String run) {
        var workers = IntStream.range(0, SHARDS)
                .mapToObj(number -> CompletableFuture.supplyAsync(
                        () -> corpus.prepare(specification(run), new Shard(number, SHARDS)),
                        Thread::startVirtualThread))
                .toList();
        return workers.stream().map(CompletableFuture::join).toList();
    }

    private RunSpecification specification(String run) {
        return corpus.specification(run, MANIFEST, List.of(), List.of(corpus.source()));
    }

    private List<Long> unfinished() throws IOException {
        var lease = ManifestJson.mapper().readValue(corpus.ledger("lease").toString(), Lease.class);
        return List.copyOf(lease.unfinished().values());
    }

    private void write(int number, String words) throws IOException {
        Files.writeString(
                file(number),
                "---\nyear: %1$d\ntags: [odd, page%1$d]\n---\n# Title %1$d\n\n%2$s\n".formatted(number, words));
    }

    private Path file(int number) {
        return folder.resolve("data").resolve("d%03d.md".formatted(number));
    }

    private List<String> mounts() {
        return List.of("data=" + folder.resolve("data"));
    }

    private Corpora another() throws IOException {
        return Corpora.in(folder, SharedNode.url(), MODEL, null);
    }

    private IndexSnapshot fresh() throws IOException {
        var other = another();
        other.create(MANIFEST);
        other.run("fresh", MANIFEST, List.of());
        return snapshot(other);
    }

    private static IndexSnapshot snapshot(Corpora of) {
        return IndexSnapshot.ofEverything(SharedNode.url(), of.names().generation(1));
    }
}
