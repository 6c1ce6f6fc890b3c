package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.latency.LatencyHistory;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.RunSpecification.DeletionGuard;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.SourceException;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long changes of files take until searches find them, as the ledger tells it. */
class LatencyIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final GenerationManifest MANIFEST = Corpora.manifest(1);

    /** Searches are answered from the first generation. */
    private static final DeletionGuard SERVED = new DeletionGuard(0, 100, null, 1);

    @TempDir
    private Path folder;

    private RecordingProxy proxy;
    private Corpora corpus;

    @BeforeEach
    void serveTwoFiles() throws IOException {
        proxy = RecordingProxy.start(SharedNode.url());
        corpus = Corpora.in(folder, proxy.url(), SmallModel.get(), null);
        corpus.create(MANIFEST);
        write("a.md", "The first words.");
        write("sub/b.md", "More words.");
        corpus.run("first", MANIFEST, List.of());
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void countsAChangeFromTheMomentAtWhichItsFileGotIt() throws Exception {
        run("again");
        assertThat(told(1).isMissingNode()).as("nothing has changed since").isTrue();

        var begun = System.nanoTime();
        write("a.md", "Other words.");
        write("c.md", "New words.");
        Files.setLastModifiedTime(data().resolve("a.md"), FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
        Files.setLastModifiedTime(data().resolve("sub/b.md"), FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
        Files.delete(data().resolve("c.md"));
        write("d.md", "New words.");
        run("changed");
        var took = millisSince(begun);
        assertThat(told(1).path("documents").asLong())
                .as("one that was changed and one that was added; of another nothing but its time is another")
                .isEqualTo(2);
        assertThat(told(1).path("p50Millis").asLong()).isPositive();
        assertThat(told(1).path("p99Millis").asDouble()).isBetween(1.0, atMost(took));
    }

    @Test
    void writesItOnlyWhereThereIsSomethingToCount() throws Exception {
        run("again");
        assertThat(writes(LatencyHistory.ID)).isZero();
        write("a.md", "Other words.");
        run("changed");
        assertThat(writes(LatencyHistory.ID)).isEqualTo(1);
        run("unchanged");
        assertThat(writes(LatencyHistory.ID)).isEqualTo(1);
        assertThat(told(1).path("documents").asLong()).isEqualTo(1);
    }

    @Test
    void countsNothingThatIsNewBecauseItWasNotDeclaredBefore() throws Exception {
        run("second", corpus.source(), others(""));
        assertThat(told(1).isMissingNode()).isTrue();
        run("otherwise", uri(corpus.source()), others(""));
        assertThat(told(1).isMissingNode()).isTrue();
        write("a.md", "Other words.");
        run("changed", uri(corpus.source()), others(""));
        assertThat(told(1).path("documents").asLong())
                .as("the file is a document of both")
                .isEqualTo(2);
    }

    @Test
    void countsWhatOneSourceHasChangedWhileAnotherCantBeRead() throws Exception {
        run("both", corpus.source(), others("sub"));
        write("a.md", "Other words.");
        Files.move(data().resolve("sub"), folder.resolve("away"));
        write("sub2/b.md", "More words.");
        assertThatThrownBy(() -> run("failing", corpus.source(), others("sub"))).isInstanceOf(SourceException.class);
        Files.move(folder.resolve("away"), data().resolve("sub"));
        run("back", corpus.source(), others("sub"));
        assertThat(told(1).path("documents").asLong())
                .as("a.md and sub2/b.md by the run that failed, and sub/b.md, which had gone and is back")
                .isEqualTo(3);
    }

    @Test
    void goesWithTheCorpusToTheNextGeneration() throws Exception {
        write("a.md", "Other words.");
        run("changed");
        var next = Corpora.manifest(2, new Chunking.ByHeadings(128, 0, "{title} > {headings}"));
        corpus.create(next);
        var build = Corpora.building(corpus.specification("build", next, List.of(1), List.of(corpus.source())));
        corpus.run(Corpora.guarded(build, SERVED));
        write("a.md", "Still other words.");
        corpus.run(
                Corpora.guarded(corpus.specification("waiting", next, List.of(1), List.of(corpus.source())), SERVED));
        assertThat(told(2).path("documents").asLong())
                .as("nobody searches the second generation yet")
                .isEqualTo(1);
    }

    @Test
    void countsWhatIsFollowedAndWritesItNoMoreOftenThanItsState() throws Exception {
        var stop = new StopSignal();
        var specification = Corpora.following(specification("f1", corpus.source()), Duration.ofSeconds(2));
        var follower = CompletableFuture.runAsync(() -> corpus.follow(specification, stop));
        try {
            until(() -> follower.isDone() || freshAsOf().isAfter(Instant.now().minusSeconds(1)));
            var longest = 0L;
            for (var change = 1; change <= 3; change++) {
                var documents = change;
                var begun = System.nanoTime();
                write("a.md", "Other words, number %d.".formatted(change));
                until(() -> follower.isDone() || told(1).path("documents").asLong() == documents);
                longest = Math.max(longest, millisSince(begun));
            }
            assertThat(follower.isDone()).isFalse();
            assertThat(told(1).path("p99Millis").asDouble()).isBetween(1.0, atMost(longest));
            assertThat(writes(LatencyHistory.ID)).isEqualTo(3).isLessThanOrEqualTo(writes("generation-1"));
        } finally {
            stop.give();
            follower.get();
        }
    }

    private static long millisSince(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun).toMillis();
    }

    /** What may be told of something that took so long: file systems have clocks that tick every few milliseconds. */
    private static double atMost(long millis) {
        return (millis + 20) * 1.05;
    }

    private static SourceManifest others(String path) {
        return new SourceManifest("others", new SourceManifest.Volume("data", path), List.of(), List.of(), null, null);
    }

    private static SourceManifest uri(SourceManifest source) {
        return new SourceManifest(
                source.name(), source.location(), List.of(), List.of(), "https://example.com/{path}", null);
    }

    private void run(String name) {
        run(name, corpus.source());
    }

    private void run(String name, SourceManifest... sources) {
        corpus.run(specification(name, sources));
    }

    private RunSpecification specification(String name, SourceManifest... sources) {
        return Corpora.guarded(corpus.specification(name, MANIFEST, List.of(), List.of(sources)), SERVED);
    }

    private Path data() {
        return folder.resolve("data");
    }

    private void write(String name, String words) throws IOException {
        Files.createDirectories(data().resolve(name).getParent());
        Files.writeString(data().resolve(name), words);
    }

    private JsonNode told(int generation) {
        return corpus.through(SharedNode.url())
                .ledger("generation-" + generation)
                .path("changeLatency");
    }

    private Instant freshAsOf() {
        var told = corpus.through(SharedNode.url()).ledger("generation-1").path("freshAsOf");
        return told.isMissingNode() ? Instant.EPOCH : Instant.parse(told.asText());
    }

    private long writes(String id) {
        return proxy.calls().stream()
                .flatMap(call -> call.writes().stream())
                .filter(write -> write.id().equals(id))
                .count();
    }

    private static void until(BooleanSupplier condition) {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
