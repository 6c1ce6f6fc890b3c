package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.elasticsearch.ElasticsearchException;
import dev.concordance.embedding.Embedder;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.ErasureOrder;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Tombstone;
import dev.concordance.manifest.Tombstone.NamedDocument;
import dev.concordance.manifest.Tombstones;
import dev.concordance.source.Before;
import dev.concordance.source.ChangeFeed;
import dev.concordance.source.Entry;
import dev.concordance.source.Listing;
import dev.concordance.source.Source;
import dev.concordance.source.SourceException;
import dev.concordance.spool.Spools;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.SourceInPlaceOf;
import dev.concordance.testing.TestInbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that follows several sources: what becomes of one of them holds up no other, and nothing is told of it that isn't so. */
class FollowingSourcesIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration STALENESS = Duration.ofSeconds(2);
    private static final GenerationManifest MANIFEST = Corpora.manifest(1);
    private static final Embedder MODEL = SmallModel.get();
    private static final SourceManifest ONE = volume("one");
    private static final SourceManifest TWO = volume("two");
    private static final SourceManifest PUSHED = new SourceManifest(
            TestInbox.SOURCE, new SourceManifest.Push(), List.of(), List.of(), "https://example.org/{id}", null);
    private static final Tombstone COVERED = new Tombstone(
            "0d1c0f5e-64a6-4b0c-9d3a-0c2a4f6b8e10",
            List.of(),
            List.of(new NamedDocument("covered", TestInbox.SOURCE)),
            List.of(),
            List.of());

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final StopSignal stop = new StopSignal();
    private final AtomicBoolean isTwoAway = new AtomicBoolean();
    private Corpora corpus;

    @BeforeEach
    void makeACorpus() throws IOException {
        corpus = Corpora.in(folder, SharedNode.url(), MODEL, null);
        for (var source : List.of("one", "two")) {
            Files.createDirectories(corpus.mount().resolve(source));
            write(source, "a.md", "The first words of %s.".formatted(source));
        }
        corpus.create(MANIFEST);
    }

    @AfterEach
    void stopAll() {
        stop.give();
        threads.close();
    }

    @Test
    void followsTheOthersThoughOneIsAwayOfWhichADeadWorkerHasLeftSomething() throws Exception {
        corpus.run(specification("r1", ONE, TWO));
        write("two", "a.md", "Other words of two.");
        dieBeforeRecords();
        isTwoAway.set(true);
        var follower = follow(Corpora.following(specification("f1", ONE, TWO), STALENESS));
        write("one", "b.md", "Words that were written meanwhile.");
        until(follower, () -> indexed().contains("one:b.md"));
        var taken =
                corpus.ledger("lease").path("holders").path("1").path("since").asText();
        write("one", "c.md", "And others.");
        until(follower, () -> indexed().contains("one:c.md"));
        assertThat(corpus.ledger("lease")
                        .path("holders")
                        .path("1")
                        .path("since")
                        .asText())
                .as("it goes on, and doesn't begin again")
                .isEqualTo(taken);
        assertThat(corpus.ledger("lease").path("unfinished").isEmpty())
                .as("something may be half written as long as it can't be read again")
                .isFalse();

        isTwoAway.set(false);

        until(follower, () -> corpus.ledger("lease").path("unfinished").isEmpty());
        stop.give();
        follower.get();
        assertThat(texts())
                .isEqualTo(Map.of(
                        "one:a.md", List.of("The first words of one."),
                        "one:b.md", List.of("Words that were written meanwhile."),
                        "one:c.md", List.of("And others."),
                        "two:a.md", List.of("Other words of two.")));
    }

    /** Both of the old and the new passages of a document may be there, and no record knows the new ones. */
    private void dieBeforeRecords() {
        try (var proxy = RecordingProxy.start(SharedNode.url())) {
            proxy.disturb(
                    call -> call.isTo("-g1-manifest/_bulk"), Integer.MAX_VALUE, new Disturbance.Disconnect(false));
            var through = corpus.through(proxy.url());
            var dying = through.specification("dying", MANIFEST, List.of(), List.of(ONE, TWO));
            assertThatThrownBy(() -> through.run(dying)).isInstanceOf(ElasticsearchException.class);
        }
    }

    @Test
    void saysThatSourcesAreAppliedWhenTheyHaveBeenReadAsTheyAreDeclared() throws Exception {
        corpus.run(specification("r1", ONE));
        isTwoAway.set(true);
        var follower = follow(Corpora.following(specification("f1", ONE, TWO), STALENESS));
        write("one", "b.md", "Words that were written meanwhile.");
        until(follower, () -> state().path("documents").asInt() == 2);
        assertThat(state().path("sourcesDigest").asText()).isEqualTo(GenerationState.digest(List.of(ONE)));

        isTwoAway.set(false);

        until(follower, () -> state().path("sourcesDigest").asText().equals(GenerationState.digest(List.of(ONE, TWO))));
        assertThat(indexed()).contains("two:a.md");
        isTwoAway.set(true);
        write("one", "c.md", "More words.");
        until(follower, () -> state().path("documents").asInt() == 4);
        assertThat(state().path("sourcesDigest").asText())
                .as("they have been")
                .isEqualTo(GenerationState.digest(List.of(ONE, TWO)));
        stop.give();
        follower.get();
    }

    @Test
    void takesAllOfARoundInThoughSomethingOfItCouldNotBeErasedAtOnce() throws Exception {
        try (var connection = corpus.connection()) {
            var inbox = new TestInbox(connection, corpus.names().inbox(), Clock.systemUTC()).create();
            inbox.put("a", "Words.");
            inbox.put("b", "Words of b.");
            corpus.run(specification("r1", PUSHED));
            corpus.erase("e1", MANIFEST, new ErasureOrder(COVERED, 100), List.of(PUSHED));
            var isRefused = new AtomicBoolean(true);
            inbox.put("covered", "Words that nobody may keep.");
            inbox.put("a", "Other words.");
            inbox.delete("b");
            var erasing = Corpora.without(
                    Corpora.following(specification("f1", PUSHED), STALENESS), Tombstones.of(List.of(COVERED)));
            var follower = follow(erasing, source -> new Unerasing(source, isRefused));
            until(follower, () -> !isRefused.get());
            until(follower, () -> indexed().equals(Set.of(TestInbox.SOURCE + ":a")));
            stop.give();
            follower.get();
            assertThat(texts()).isEqualTo(Map.of(TestInbox.SOURCE + ":a", List.of("Other words.")));
        }
    }

    @Test
    void takesPushedDocumentsInAgainWhoseSourceIsDeclaredAgain() throws Exception {
        try (var connection = corpus.connection()) {
            var inbox = new TestInbox(connection, corpus.names().inbox(), Clock.systemUTC()).create();
            inbox.put("a", "Words.");
            corpus.run(specification("r1", ONE, PUSHED));
            var without = new StopSignal();
            var first = threads.submit(() ->
                    corpus.follow(Corpora.following(specification("f1", ONE), STALENESS), Clock.systemUTC(), without));
            until(first, () -> state().path("documents").asInt() == 1);
            without.give();
            first.get();
            var again = follow(Corpora.following(specification("f2", ONE, PUSHED), STALENESS), source -> source);
            until(again, () -> indexed().equals(Set.of("one:a.md", TestInbox.SOURCE + ":a")));
            stop.give();
            again.get();
        }
    }

    private Future<?> follow(RunSpecification specification) {
        return follow(specification, source -> new Away(source, isTwoAway));
    }

    private Future<?> follow(RunSpecification specification, Function<Source, Source> in) {
        return threads.submit(() -> {
            try (var connection = corpus.connection()) {
                corpus.follow(
                        specification,
                        declared -> {
                            var source = corpus.open(declared, connection);
                            return declared.equals(ONE) ? source : in.apply(source);
                        },
                        Clock.systemUTC(),
                        stop);
            }
        });
    }

    private static void until(Future<?> follower, BooleanSupplier condition) throws Exception {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (follower.isDone()) {
                follower.get();
                throw new AssertionError("it has ended");
            }
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private RunSpecification specification(String run, SourceManifest... sources) {
        return corpus.specification(run, MANIFEST, List.of(), List.of(sources));
    }

    private JsonNode state() {
        return corpus.ledger("generation-1");
    }

    private Map<String, List<String>> texts() {
        var texts = new HashMap<String, List<String>>();
        IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1))
                .documents()
                .forEach((id, document) -> texts.put(id, document.chunks()));
        return texts;
    }

    private Set<String> indexed() {
        return texts().keySet();
    }

    private void write(String source, String file, String text) throws IOException {
        Files.writeString(corpus.mount().resolve(source).resolve(file), text);
    }

    private static SourceManifest volume(String name) {
        return new SourceManifest(
                name,
                new SourceManifest.Volume("data", name),
                List.of(),
                List.of(),
                "https://example.org/{path}",
                null);
    }

    /** Can't be listed while it is away. */
    private record Away(Source source, AtomicBoolean away) implements SourceInPlaceOf {
        @Override
        public Listing list(Spools spools, Before before) {
            if (away.get()) {
                throw SourceException.of("two", FailureReason.SourceUnreachable, "it doesn't answer", null);
            }
            return source.list(spools, before);
        }
    }

    /** Can't erase anything at first. */
    private record Unerasing(Source source, AtomicBoolean refuses) implements SourceInPlaceOf, ChangeFeed {
        @Override
        public Listing list(Spools spools) {
            return source.list(spools);
        }

        @Override
        public Listing list(Spools spools, Before before) {
            return source.list(spools, before);
        }

        @Override
        public void erase(Entry entry) {
            if (refuses.compareAndSet(true, false)) {
                throw SourceException.of(
                        TestInbox.SOURCE, FailureReason.SourceUnreachable, "Elasticsearch has no room", null);
            }
            source.erase(entry);
        }
    }
}
