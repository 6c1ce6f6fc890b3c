package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.elasticsearch.ElasticsearchException;
import dev.concordance.embedding.Embedder;
import dev.concordance.index.IndexException;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.Tracer;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.IngestProcess;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a run meets, the index becomes what an undisturbed run makes of the same sources. */
class ResumeIT {
    /** {@code -Dconcordance.kills=N} kills more often. */
    private static final int KILLS = Integer.getInteger("concordance.kills", 10);

    private static final int DOCUMENTS = 150;
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
    }

    @AfterEach
    void closeTheProxy() {
        proxy.close();
    }

    @Test
    void equalsAnUninterruptedRunHoweverOftenItIsKilled() throws Exception {
        var random = new Random(20);
        var killed = 0;
        for (var round = 0; killed < KILLS; round++) {
            edit(random, round == 0 ? DOCUMENTS : 25);
            for (var attempt = 0; attempt < 5; attempt++) {
                killed += isKilled("r%d-%d".formatted(round, attempt), 3 + random.nextInt(22), random.nextBoolean())
                        ? 1
                        : 0;
            }
            corpus.run("r%d-last".formatted(round), MANIFEST, List.of());
            assertThat(snapshot(corpus)).as("after %d kills", killed).isEqualTo(fresh());
            assertThat(traced()).as("after %d kills", killed).isEqualTo(ledgerOfTracer());
        }
    }

    @Test
    void stopsTheLoserOfTwoWritersAndKeepsTheIndexRight() throws Exception {
        edit(new Random(1), 40);
        var hold = new Disturbance.Hold();
        proxy.disturb(call -> call.isTo("-g1/_bulk"), 1, hold);
        var loser = CompletableFuture.supplyAsync(() -> corpus.run("loser", MANIFEST, List.of()));
        hold.awaitCall();
        corpus.run("winner", MANIFEST, List.of());
        hold.release();
        assertThatThrownBy(loser::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        IndexException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.LeaseLost));
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void keepsWhatASlowerWriterMeantToDeleteWhenTheSourceIsAsItWasBefore() throws Exception {
        corpus.write("a.md", "# A\n\nThe first words.\n");
        corpus.run("r1", MANIFEST, List.of());
        corpus.write("a.md", "# A\n\nOther words.\n");
        var hold = new Disturbance.Hold();
        proxy.disturb(
                call -> call.isTo("-g1/_bulk")
                        && call.writes().getFirst().action().equals("delete"),
                1,
                hold);
        var loser = CompletableFuture.supplyAsync(() -> corpus.run("loser", MANIFEST, List.of()));
        hold.awaitCall();
        corpus.write("a.md", "# A\n\nThe first words.\n");
        corpus.run("winner", MANIFEST, List.of());
        hold.release();
        assertThatThrownBy(loser::get).isInstanceOf(ExecutionException.class);
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void failsForAnotherTryWhenElasticsearchGoesAwayAndGoesOnWhenItIsBack() throws Exception {
        edit(new Random(2), 100);
        var calls = new AtomicInteger();
        proxy.disturb(
                call -> !call.path().contains("/_doc/run-") && calls.incrementAndGet() > 14,
                Integer.MAX_VALUE,
                new Disturbance.Disconnect(false));
        assertThatThrownBy(() -> corpus.run("r1", MANIFEST, List.of()))
                .isInstanceOfSatisfying(ElasticsearchException.class, e -> {
                    assertThat(e.reason()).isEqualTo(FailureReason.ElasticsearchUnreachable);
                    assertThat(Failures.of(e).retryable()).isTrue();
                });
        proxy.calm();
        var counts = corpus.run("r2", MANIFEST, List.of());
        assertThat(counts.unchanged() + counts.reused()).isPositive();
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void takesItsLeaseThoughTheAnswerIsLost() throws Exception {
        corpus.write("a.md", "Words.");
        proxy.disturb(
                call -> call.path().endsWith("/_doc/lease") && call.method().equals("PUT"),
                1,
                new Disturbance.Disconnect(true));
        assertThatThrownBy(() -> corpus.run("r1", MANIFEST, List.of())).isInstanceOf(ElasticsearchException.class);
        assertThat(corpus.run("r2", MANIFEST, List.of()).added()).isEqualTo(1);
    }

    @Test
    void endsInOrderWhenItIsToldTo() throws Exception {
        edit(new Random(3), DOCUMENTS);
        var secret = "a-secret-word";
        corpus.write("marked.md", secret);
        var hold = new Disturbance.Hold();
        proxy.disturb(call -> call.isTo("-g1-manifest/_bulk"), 1, hold);
        try (var process = start("r1")) {
            hold.awaitCall();
            process.terminate();
            hold.release();
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.lastWords().path("reason").asText()).isEqualTo("Stopped");
            assertThat(process.lastWords().path("retryable").asBoolean()).isTrue();
            assertThat(process.log()).noneMatch(line -> line.contains(secret));
        }
        var lease = corpus.ledger("lease");
        assertThat(lease.path("unfinished").isEmpty()).as(lease.toString()).isTrue();
        assertThat(corpus.ledger("run-r1").path("phase").asText()).isEqualTo("Failed");
        try (var process = start("r2")) {
            assertThat(process.exitCode()).as(String.join("\n", process.log())).isZero();
        }
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void leavesToTheNextRunWhatItWasAtWhenItIsToldToEndWhileElasticsearchHasNoRoom() throws Exception {
        corpus.write("a.md", "# A\n\nThe first words.\n");
        corpus.write("keep.md", "Some words.");
        corpus.run("r1", MANIFEST, List.of());
        corpus.write("a.md", "# A\n\nOther words.\n");
        var refused = new AtomicInteger();
        proxy.disturb(
                call -> call.isTo("-g1/_bulk")
                        && call.writes().getFirst().action().equals("delete")
                        && refused.incrementAndGet() > 0,
                Integer.MAX_VALUE,
                Disturbance.Refuse.with(429));
        try (var process = start("r2")) {
            while (refused.get() == 0) {
                assertThat(process.isAlive()).isTrue();
                LockSupport.parkNanos(5_000_000);
            }
            process.terminate();
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.lastWords().path("reason").asText()).isEqualTo("Stopped");
        }
        proxy.calm();
        assertThat(corpus.ledger("lease").path("unfinished").isEmpty())
                .as("old and new passages of a document")
                .isFalse();
        Files.delete(folder.resolve("data").resolve("a.md"));
        corpus.run("r3", MANIFEST, List.of());
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    /** Runs until a request of this number arrives, and kills the run there, the request done or not. */
    private boolean isKilled(String run, int request, boolean done) throws Exception {
        var seen = new AtomicInteger();
        var hold = new Disturbance.Hold();
        proxy.disturb(call -> !call.path().contains("/_doc/run-") && seen.incrementAndGet() == request, 1, hold);
        try (var process = start(run)) {
            while (process.isAlive() && !hold.isHolding()) {
                LockSupport.parkNanos(5_000_000);
            }
            var killed = hold.isHolding();
            process.kill();
            if (done) {
                hold.release();
            } else {
                hold.drop();
            }
            proxy.calm();
            return killed;
        }
    }

    private IngestProcess start(String run) throws IOException {
        var specification = corpus.specification(run, MANIFEST, List.of(), List.of(corpus.source()));
        return IngestProcess.start(
                specification, folder.resolve("work"), List.of("data=" + folder.resolve("data")), 256);
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

    /** What searches find of the tracer. */
    private String traced() {
        var query = "{\"query\": {\"match\": {\"text\": \"" + Tracer.TEXT + "\"}}}";
        try (var connection = corpus.connection()) {
            return connection
                    .send(
                            "POST",
                            "/" + corpus.names().generation(1) + "/_search",
                            query.getBytes(StandardCharsets.UTF_8))
                    .json()
                    .findPath(Tracer.TRACED_AT)
                    .asText();
        }
    }

    private String ledgerOfTracer() {
        return corpus.ledger("generation-1").path("tracedAt").asText("never");
    }

    private static IndexSnapshot snapshot(Corpora of) {
        return IndexSnapshot.of(SharedNode.url(), of.names().generation(1));
    }

    /** Adds, changes and removes files. */
    private void edit(Random random, int files) throws IOException {
        for (var i = 0; i < files; i++) {
            var name = "d%03d.md".formatted(random.nextInt(DOCUMENTS));
            if (random.nextInt(6) == 0) {
                Files.deleteIfExists(folder.resolve("data").resolve(name));
                continue;
            }
            var text = new StringBuilder("# Title %d\n\n".formatted(random.nextInt(1000)));
            for (var section = random.nextInt(4); section >= 0; section--) {
                text.append("## Section %d\n\nWords number %d.\n\n".formatted(section, random.nextInt(1000)));
            }
            corpus.write(name, text.toString());
        }
        corpus.write("keep.md", "Some words.");
    }
}
