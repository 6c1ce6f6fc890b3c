package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.index.IndexException;
import dev.concordance.localcluster.servers.ElasticsearchCall;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.RunSpecification.DeletionGuard;
import dev.concordance.manifest.Tracer;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.IngestProcess;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that follows a folder: what happens to the files happens to the index, whatever happens to the run. */
class FollowingIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration STALENESS = Duration.ofSeconds(2);
    /** {@code -Dconcordance.kills=N} kills more often. */
    private static final int KILLS = Integer.getInteger("concordance.kills", 6);

    private static final int DOCUMENTS = 60;
    private static final GenerationManifest MANIFEST = Corpora.manifest(1);
    private static final Embedder MODEL = SmallModel.get();

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<StopSignal> stops = new ArrayList<>();
    private RecordingProxy proxy;
    private Corpora corpus;

    @BeforeEach
    void makeACorpus() throws IOException {
        proxy = RecordingProxy.start(SharedNode.url());
        corpus = another().through(proxy.url());
        corpus.create(MANIFEST);
        corpus.write("keep.md", "Some words.");
    }

    @AfterEach
    void stopAll() {
        stops.forEach(StopSignal::give);
        threads.close();
        proxy.close();
    }

    @Test
    void doesWhatHappensToTheFilesUntilItIsToldToEnd() throws Exception {
        corpus.write("a.md", "# A\n\nThe first words.\n");
        var stop = new StopSignal();
        var follower = follow(specification("f1"), stop);
        awaitDocuments(follower, 2);
        corpus.write("a.md", "# A\n\nOther words, and then some.\n");
        corpus.write("b.md", "# B\n\nMore words.\n");
        awaitDocuments(follower, 3);
        awaitFreshness(follower, Instant.now());
        assertThat(snapshot(corpus)).isEqualTo(fresh());
        Files.delete(folder.resolve("data").resolve("a.md"));
        awaitDocuments(follower, 2);
        awaitFreshness(follower, Instant.now());
        assertThat(snapshot(corpus)).isEqualTo(fresh());
        stop.give();
        follower.get();
        assertThat(corpus.ledger("lease").path("unfinished").isEmpty()).isTrue();
        var report = corpus.ledger("run-f1");
        assertThat(report.path("phase").asText()).isEqualTo("Following");
        assertThat(report.has("failure")).isFalse();
    }

    @Test
    void tellsHowFreshItIsAndWhatIsInQuarantineInNoMoreReportsThanBefore() throws Exception {
        Files.write(folder.resolve("data").resolve("broken.md"), new byte[] {'a', 0, 0, 0, 0, 'b'});
        var before = Instant.now();
        var stop = new StopSignal();
        var follower = follow(specification("f1"), stop);
        awaitDocuments(follower, 1);
        until(() -> direct().ledger("run-f1").path("phase").asText().equals("Following"));
        var report = direct().ledger("run-f1");
        assertThat(Instant.parse(report.path("freshAsOf").asText())).isBetween(before, Instant.now());
        assertThat(report.path("quarantined").size()).isOne();
        assertThat(report.path("quarantined").path(0).path("documentId").asText())
                .isEqualTo("broken.md");
        assertThat(report.path("quarantined").path(0).path("reason").asText()).isEqualTo("Binary");
        for (var round = 0; round < 3; round++) {
            awaitFreshness(follower, Instant.now());
        }
        assertThat(proxy.count(
                        call -> call.isTo("/_doc/run-f1") && call.method().equals("PUT")))
                .as("that it lists, and that it follows")
                .isEqualTo(2);
        stop.give();
        follower.get();
    }

    @Test
    void writesNoDocumentWhileNothingChangesAndStaysFresh() throws Exception {
        var stop = new StopSignal();
        var follower = follow(specification("f1"), stop);
        awaitDocuments(follower, 1);
        awaitFreshness(follower, Instant.now());
        until(() -> direct().ledger("lease").path("unfinished").isEmpty());
        var epoch = corpus.ledger("lease").path("epoch").asLong();
        var bulks = proxy.count(FollowingIT::writesDocuments);
        assertThat(proxy.writes()).as("the tracer, of this minute").anyMatch(FollowingIT::isTracer);
        var refreshes = proxy.calls().stream()
                .filter(call -> call.path().endsWith("/_refresh"))
                .count();
        for (var round = 0; round < 3; round++) {
            awaitFreshness(follower, Instant.now());
        }
        assertThat(proxy.count(FollowingIT::writesDocuments)).isEqualTo(bulks);
        assertThat(proxy.calls().stream().filter(call -> call.path().endsWith("/_refresh")))
                .hasSize((int) refreshes);
        assertThat(corpus.ledger("lease").path("epoch").asLong()).isEqualTo(epoch);
        stop.give();
        follower.get();
    }

    private static boolean writesDocuments(ElasticsearchCall call) {
        return call.isTo("/_bulk") && !call.writes().stream().allMatch(FollowingIT::isTracer);
    }

    private static boolean isTracer(ElasticsearchCall.Write write) {
        return write.id().equals(Tracer.KEY);
    }

    @Test
    void equalsAFreshBuildHoweverOftenItIsKilled() throws Exception {
        var random = new Random(11);
        edit(random, DOCUMENTS);
        for (var kill = 0; kill < KILLS; kill++) {
            var hold = new Disturbance.Hold();
            var seen = new AtomicInteger();
            var request = 3 + random.nextInt(25);
            proxy.disturb(call -> !call.path().contains("/_doc/run-") && seen.incrementAndGet() == request, 1, hold);
            try (var process = start("f1")) {
                while (process.isAlive() && !hold.isHolding()) {
                    edit(random, 1);
                    LockSupport.parkNanos(20_000_000);
                }
                process.kill();
            }
            if (random.nextBoolean()) {
                hold.release();
            } else {
                hold.drop();
            }
            proxy.calm();
        }
        try (var process = start("f1")) {
            var now = Instant.now();
            until(() -> !process.isAlive() || freshAsOf().isAfter(now));
            process.terminate();
            assertThat(process.exitCode()).as(String.join("\n", process.log())).isZero();
        }
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void saysOfARoundThatItIsDoneNoLaterThanWithTheNextOneThatWrites() throws Exception {
        var stop = new StopSignal();
        var follower = follow(specification("f1"), stop);
        awaitDocuments(follower, 1);
        until(() -> direct().ledger("lease").path("unfinished").isEmpty());
        proxy.forget();
        writeBWhileAIsWritten();
        awaitDocuments(follower, 3);
        until(() -> direct().ledger("lease").path("unfinished").isEmpty());
        assertThat(proxy.count(call -> call.isTo("/_doc/lease") && call.method().equals("PUT")))
                .as("two begin and the last one ends")
                .isEqualTo(3);
        assertThat(proxy.count(call -> call.isTo("-g1-manifest/_refresh"))).isOne();
        stop.give();
        follower.get();
    }

    @Test
    void endsInOrderBetweenRoundsThatFollowOneAnotherAtOnce() throws Exception {
        var stop = new StopSignal();
        var follower = follow(specification("f1"), stop);
        awaitDocuments(follower, 1);
        var hold = holdTheBeginningOfARoundRightAfterAnother();
        stop.give();
        hold.release();
        follower.get();
        assertThat(corpus.ledger("lease").path("unfinished").isEmpty()).isTrue();
        assertThat(documents()).isEqualTo(2);
        corpus.run("r1", MANIFEST, List.of());
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void leavesWhatTheNextWorkerFindsWhenItDiesBetweenRoundsThatFollowOneAnotherAtOnce() throws Exception {
        Disturbance.Hold hold;
        try (var process = start("f1")) {
            until(() -> documents() == 1);
            hold = holdTheBeginningOfARoundRightAfterAnother();
            process.kill();
        }
        hold.drop();
        assertThat(direct().ledger("lease").path("unfinished").isEmpty())
                .as("records that nobody has made searchable")
                .isFalse();
        Files.delete(folder.resolve("data").resolve("a.md"));
        corpus.run("r1", MANIFEST, List.of());
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void writesNoDocumentBeforeItsLeaseIsRenewed() throws Exception {
        var first = follow(specification("f1"), new StopSignal());
        awaitDocuments(first, 1);
        awaitFreshness(first, Instant.now());
        var hold = new Disturbance.Hold();
        proxy.disturb(call -> call.isTo("/_doc/lease"), 1, hold);
        corpus.write("a.md", "# A\n\nThe first words.\n");
        hold.awaitCall();
        var stop = new StopSignal();
        var second = follow(specification("f2"), stop);
        awaitDocuments(second, 2);
        var bulks = proxy.count(FollowingIT::writesDocuments);
        hold.release();
        assertThatThrownBy(first::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        IndexException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.LeaseLost));
        assertThat(proxy.count(FollowingIT::writesDocuments)).isEqualTo(bulks);
        stop.give();
        second.get();
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    /** The source may be asked again when the round is over, which finds {@code b.md}. */
    private void writeBWhileAIsWritten() throws Exception {
        var hold = new Disturbance.Hold();
        proxy.disturb(call -> call.isTo("-g1-manifest/_bulk"), 1, hold);
        corpus.write("a.md", "# A\n\nThe first words.\n");
        hold.awaitCall();
        corpus.write("b.md", "# B\n\nOther words.\n");
        var rested = Instant.now().plus(STALENESS.dividedBy(4));
        until(() -> Instant.now().isAfter(rested));
        hold.release();
    }

    /** Holds what {@link #writeBWhileAIsWritten} makes begin, when all is written of the other round. */
    private Disturbance.Hold holdTheBeginningOfARoundRightAfterAnother() throws Exception {
        var hold = new Disturbance.Hold();
        proxy.disturb(
                call -> call.isTo("/_doc/lease")
                        && call.method().equals("GET")
                        && direct().ledger("generation-1").path("documents").asLong() == 2,
                1,
                hold);
        writeBWhileAIsWritten();
        hold.awaitCall();
        return hold;
    }

    @Test
    void stopsAsSoonAsAnotherWorkerHasTakenOver() throws Exception {
        corpus.write("a.md", "# A\n\nThe first words.\n");
        var first = follow(specification("f1"), new StopSignal());
        awaitDocuments(first, 2);
        var stop = new StopSignal();
        var second = follow(specification("f2"), stop);
        assertThatThrownBy(first::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        IndexException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.LeaseLost));
        corpus.write("b.md", "# B\n\nMore words.\n");
        awaitDocuments(second, 3);
        stop.give();
        second.get();
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void goesOnWhenElasticsearchIsBack() throws Exception {
        var stop = new StopSignal();
        var follower = follow(specification("f1"), stop);
        awaitDocuments(follower, 1);
        var refused = new AtomicInteger();
        proxy.disturb(call -> refused.incrementAndGet() > 0, Integer.MAX_VALUE, new Disturbance.Disconnect(false));
        corpus.write("a.md", "# A\n\nThe first words.\n");
        until(() -> refused.get() > 5);
        proxy.calm();
        awaitDocuments(follower, 2);
        awaitFreshness(follower, Instant.now());
        stop.give();
        follower.get();
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void waitsForAnElasticsearchThatIsTooBusyWithoutFailing() throws Exception {
        var stop = new StopSignal();
        var follower = follow(specification("f1"), stop);
        awaitDocuments(follower, 1);
        awaitFreshness(follower, Instant.now());
        var epoch = corpus.ledger("lease").path("epoch").asLong();
        var refused = ConcurrentHashMap.<String>newKeySet();
        proxy.disturb(
                call -> refused.add(call.method() + call.path()), Integer.MAX_VALUE, Disturbance.Refuse.with(429));
        corpus.write("a.md", "# A\n\nThe first words.\n");
        awaitDocuments(follower, 2);
        awaitFreshness(follower, Instant.now());
        assertThat(refused).hasSizeGreaterThan(5);
        stop.give();
        follower.get();
        assertThat(direct().ledger("lease").path("epoch").asLong())
                .as("one round that wrote, and no other begin")
                .isEqualTo(epoch + 1);
    }

    @Test
    void tellsThatItsSourceCantBeReadAndThatItCanAgain() throws Exception {
        var stop = new StopSignal();
        var follower = follow(specification("f1"), stop);
        awaitDocuments(follower, 1);
        var data = folder.resolve("data");
        var away = Files.move(data, folder.resolve("away"));
        until(() ->
                corpus.ledger("run-f1").path("failure").path("reason").asText().startsWith("Source"));
        var stuck = freshAsOf();
        Files.move(away, data);
        until(() -> !corpus.ledger("run-f1").has("failure"));
        until(() -> freshAsOf().isAfter(stuck));
        assertThat(documents()).isEqualTo(1);
        stop.give();
        follower.get();
    }

    @Test
    void withholdsADeletionThatComesInManySmallOnes() throws Exception {
        for (var i = 0; i < 40; i++) {
            corpus.write("d%02d.md".formatted(i), "# Title\n\nWords of document %d.\n".formatted(i));
        }
        corpus.run("r1", MANIFEST, List.of());
        var guarded = Corpora.following(
                Corpora.guarded(
                        corpus.specification("f1", MANIFEST, List.of(), List.of(corpus.source())),
                        new DeletionGuard(5, 10, null, 1)),
                STALENESS);
        var stop = new StopSignal();
        var follower = follow(guarded, stop);
        awaitFreshness(follower, Instant.now());
        for (var i = 0; i < 5; i++) {
            Files.delete(folder.resolve("data").resolve("d%02d.md".formatted(i)));
            awaitDocuments(follower, 40 - i);
        }
        Files.delete(folder.resolve("data").resolve("d05.md"));
        until(() -> state().path("withheld").path("documents").asLong() == 1);
        Files.delete(folder.resolve("data").resolve("d06.md"));
        until(() -> state().path("withheld").path("documents").asLong() == 2);
        corpus.write("new.md", "# New\n\nIt comes all the same.\n");
        awaitDocuments(follower, 37);
        assertThat(state().path("withheld").path("documents").asLong()).isEqualTo(2);
        var token = state().path("withheld").path("token").asText();
        stop.give();
        follower.get();

        var again = new StopSignal();
        var approved = Corpora.following(Corpora.guarded(guarded, new DeletionGuard(5, 10, token, 1)), STALENESS);
        var next = follow(approved, again);
        awaitDocuments(next, 35);
        until(() -> !state().has("withheld"));
        again.give();
        next.get();
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    private RunSpecification specification(String run) {
        return Corpora.following(corpus.specification(run, MANIFEST, List.of(), List.of(corpus.source())), STALENESS);
    }

    private CompletableFuture<Void> follow(RunSpecification specification, StopSignal stop) {
        stops.add(stop);
        return CompletableFuture.runAsync(() -> corpus.follow(specification, stop), threads);
    }

    private IngestProcess start(String run) throws IOException {
        return IngestProcess.start(
                specification(run), folder.resolve("work"), List.of("data=" + folder.resolve("data")), 256);
    }

    private void awaitDocuments(CompletableFuture<Void> follower, long documents) throws Exception {
        until(() -> follower.isDone() || documents() == documents);
        requireGoing(follower);
    }

    private void awaitFreshness(CompletableFuture<Void> follower, Instant moment) throws Exception {
        until(() -> follower.isDone() || freshAsOf().isAfter(moment));
        requireGoing(follower);
    }

    private static void requireGoing(CompletableFuture<Void> follower) throws Exception {
        if (follower.isDone()) {
            follower.get();
            throw new AssertionError("it has ended");
        }
    }

    private static void until(BooleanSupplier condition) {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private JsonNode state() {
        return direct().ledger("generation-1");
    }

    private long documents() {
        return state().path("documents").asLong();
    }

    private Instant freshAsOf() {
        var told = state().path("freshAsOf").asText();
        return told.isEmpty() ? Instant.EPOCH : Instant.parse(told);
    }

    private Corpora direct() {
        return corpus.through(SharedNode.url());
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
        return IndexSnapshot.of(SharedNode.url(), of.names().generation(1));
    }

    /** Adds, changes and removes files. */
    private void edit(Random random, int files) throws IOException {
        for (var i = 0; i < files; i++) {
            var name = "d%03d.md".formatted(random.nextInt(DOCUMENTS));
            if (random.nextInt(6) == 0) {
                Files.deleteIfExists(folder.resolve("data").resolve(name));
            } else {
                corpus.write(name, "# Title %d\n\nWords number %d.\n".formatted(i, random.nextInt(1000)));
            }
        }
    }
}
