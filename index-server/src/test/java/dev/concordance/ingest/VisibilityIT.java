package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.RunSpecification.DeletionGuard;
import dev.concordance.source.Content;
import dev.concordance.source.Entry;
import dev.concordance.source.Source;
import dev.concordance.testing.Borrowed;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.SourceInPlaceOf;
import dev.concordance.testing.Stopwatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When searches find what a long run writes: its indexes are refreshed by nobody else. */
class VisibilityIT {
    private static final GenerationManifest MANIFEST = Corpora.manifest(1);
    private static final int DOCUMENTS = 100;
    private static final int BATCHES = 4;

    @TempDir
    private Path folder;

    private final Stopwatch clock = new Stopwatch();
    private RecordingProxy proxy;
    private Corpora corpus;

    /** Half a minute is over whenever a document is read. */
    private record Slow(Source source, Stopwatch clock) implements SourceInPlaceOf {
        @Override
        public Content content(Entry.Stored entry) {
            clock.pass(Duration.ofSeconds(30));
            return source.content(entry);
        }
    }

    @BeforeEach
    void makeACorpus() throws IOException {
        proxy = RecordingProxy.start(SharedNode.url());
        corpus = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null).through(proxy.url());
        corpus.create(MANIFEST);
        for (var i = 0; i < DOCUMENTS; i++) {
            corpus.write("d%03d.md".formatted(i), "# Title %1$d\n\nWords number %1$d.\n".formatted(i));
        }
    }

    @AfterEach
    void closeTheProxy() {
        proxy.close();
    }

    @Test
    void findsWhatWasWrittenBeforeTheRunEndsWhereItSearches() throws InterruptedException {
        assertThat(foundBeforeItEnds(1)).isPositive().isLessThan(DOCUMENTS);
        assertThat(found()).isEqualTo(DOCUMENTS);
    }

    /** Segments of a thousand vectors each would have their graphs built for nobody, beside whoever is searched. */
    @Test
    void refreshesAGenerationThatIsBuiltOnlyWhenItIsWhole() throws InterruptedException {
        assertThat(foundBeforeItEnds(null)).isZero();
        assertThat(found()).isEqualTo(DOCUMENTS);
        assertThat(proxy.count(call -> call.isTo("/_refresh"))).isOne();
        assertThat(get("/_settings").findValuesAsText("refresh_interval")).containsExactly("-1");
    }

    /** How many documents searches find when the last ones are about to be written. */
    private int foundBeforeItEnds(@Nullable Integer live) throws InterruptedException {
        var specification = Corpora.guarded(
                Corpora.untraced(corpus.specification("r1", MANIFEST, List.of(), List.of(corpus.source()))),
                new DeletionGuard(0, 100, null, live));
        var last = new Disturbance.Hold();
        var batches = new AtomicInteger();
        proxy.disturb(call -> call.isTo("-g1/_bulk") && batches.incrementAndGet() == BATCHES, 1, last);
        var run = CompletableFuture.runAsync(() -> run(specification));
        last.awaitCall();
        var found = found();
        last.release();
        run.join();
        return found;
    }

    private void run(RunSpecification specification) {
        try (var connection = corpus.connection()) {
            new Ingestion(
                            specification,
                            connection,
                            declared -> new Slow(corpus.open(declared), clock),
                            purse -> new Borrowed(SmallModel.get()),
                            folder.resolve("work"),
                            clock,
                            new StopSignal(),
                            null)
                    .run();
        }
    }

    private int found() {
        return get("/_count").path("count").asInt();
    }

    private JsonNode get(String what) {
        try (var connection = corpus.connection()) {
            return connection
                    .send("GET", "/" + corpus.names().generation(1) + what, null)
                    .json();
        }
    }
}
