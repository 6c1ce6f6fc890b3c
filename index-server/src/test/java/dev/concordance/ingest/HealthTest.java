package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.index.RecordCodec;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.parse.worker.ParserProcess;
import dev.concordance.source.Before;
import dev.concordance.source.Content;
import dev.concordance.source.Entry;
import dev.concordance.source.EntryCodec;
import dev.concordance.source.Listing;
import dev.concordance.source.Source;
import dev.concordance.spool.Spools;
import dev.concordance.testing.Corpora;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What probes of a worker that follows its sources are told, by a clock that the test puts forward. */
class HealthTest {
    private static final String SOURCE = "files";

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final StopSignal stop = new StopSignal(nanos::get);

    @TempDir
    private Path folder;

    @Test
    void answersYesAndNoToEachOfItsTwoProbes() throws Exception {
        var live = new AtomicBoolean(true);
        var ready = new AtomicBoolean();
        try (var health = Health.serve(0, live::get, ready::get)) {
            assertThat(status(health, "live")).isEqualTo(200);
            assertThat(status(health, "ready")).isEqualTo(503);
            live.set(false);
            ready.set(true);
            assertThat(status(health, "live")).isEqualTo(503);
            assertThat(status(health, "ready")).isEqualTo(200);
        }
    }

    @Test
    void takesAWorkerForDeadThatHasNotAskedForTenMinutesWhetherItShallEnd() {
        stop.check();
        pass(Duration.ofMinutes(10).minusNanos(1));
        assertThat(IngestCommand.isAlive(stop)).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(IngestCommand.isAlive(stop)).isFalse();
        stop.check();
        assertThat(IngestCommand.isAlive(stop)).isTrue();
    }

    @Test
    void takesAWorkerForDeadWhoseSourceDoesNotComeBack() {
        list(before -> {
            pass(Duration.ofMinutes(9));
            assertThat(IngestCommand.isAlive(stop)).isTrue();
            pass(Duration.ofMinutes(1));
            assertThat(IngestCommand.isAlive(stop)).isFalse();
        });
    }

    @Test
    void letsAListingTakeAsLongAsItDoes() {
        list(before -> {
            for (var page = 0; page < 20; page++) {
                pass(Duration.ofMinutes(9));
                assertThat(IngestCommand.isAlive(stop)).isTrue();
                before.stop().run();
            }
        });
    }

    @Test
    void letsAModelTakeAsLongAsItDoes() {
        var vectors = new CompletableFuture<String>() {
            private int looks;

            @Override
            public String get(long timeout, TimeUnit unit) throws TimeoutException {
                pass(Duration.ofMinutes(9));
                assertThat(IngestCommand.isAlive(stop)).isTrue();
                if (looks++ < 20) {
                    throw new TimeoutException();
                }
                return "vectors";
            }
        };
        assertThat(stop.await(vectors)).isEqualTo("vectors");
    }

    /** A source whose listing, which is empty, does this first. */
    private record Listed(Consumer<Before> listing) implements Source {
        @Override
        public Listing list(Spools spools) {
            return list(spools, Before.nothing(spools));
        }

        @Override
        public Listing list(Spools spools, Before before) {
            listing.accept(before);
            return new Listing("1", spools.spool(new EntryCodec()).end(), 0, null);
        }

        @Override
        public void fetch(Iterator<Entry> entries) {}

        @Override
        public Content content(Entry.Stored entry) {
            throw new IllegalStateException("it holds nothing");
        }

        @Override
        public void close() {}
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Lists a source whose listing does this. */
    private void list(Consumer<Before> listing) {
        var declared =
                new SourceManifest(SOURCE, new SourceManifest.Volume("data", ""), List.of(), List.of(), null, null);
        var run = new RunSpecification(
                "handbook-7",
                RunMode.Follow,
                new IndexNames("cc", "docs", "handbook"),
                Corpora.manifest(1),
                List.of(),
                List.of(declared),
                new ElasticsearchAccess(List.of(), null, null),
                Corpora.LIMITS,
                Corpora.UNGUARDED);
        try (var spools = Spools.in(folder);
                var parser = new ParserProcess(folder);
                var reader = new DocumentReader(parser, null);
                var survey = new Survey(run, source -> new Listed(listing), spools, reader, Scope.CHANGED, uid -> {})) {
            survey.list(stop, Set.of(SOURCE), spools.spool(new RecordCodec()).end(), Map.of());
        }
    }

    private int status(Health health, String probe) throws Exception {
        var url = URI.create("http://127.0.0.1:%d/%s".formatted(health.port(), probe));
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
