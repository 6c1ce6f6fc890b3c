package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.embedding.Embedder;
import dev.concordance.inbox.Condition;
import dev.concordance.localcluster.servers.ElasticsearchCall;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.InboxFields;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.PushPosition;
import dev.concordance.manifest.Reached;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.RunSpecification.DeletionGuard;
import dev.concordance.manifest.RunSpecification.Limits;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.SourceException;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.TestInbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is pushed and its index: each change has its effect, whatever the runs meet. */
class PushIT {
    private static final GenerationManifest MANIFEST = Corpora.manifest(1);
    private static final Embedder MODEL = SmallModel.get();
    private static final Condition ANY = new Condition.None();

    @TempDir
    private Path folder;

    private Corpora corpus;
    private TestInbox pushed;

    @BeforeEach
    void makeACorpus() throws IOException {
        corpus = corpus();
        pushed = new TestInbox(corpus.connection(), corpus.names().inbox(), Clock.systemUTC()).create();
    }

    @AfterEach
    void close() {
        pushed.elasticsearch().close();
    }

    @Test
    void readsOnlyWhatHasChangedAndSaysUpToWhere() throws IOException {
        for (var i = 0; i < 20; i++) {
            pushed.put("d" + i, "# Title %d\n\nWords of document %d.\n".formatted(i, i));
        }
        assertThat(run("r1").added()).isEqualTo(20);
        pushed.put("d3", "# Title 3\n\nOther words.\n");
        pushed.delete("d4");
        pushed.put("d20", "# Title 20\n\nNew words.\n");
        pushed.put("d5", "# Title 5\n\nWords of document 5.\n");
        var last = pushed.reader().position();

        var second = guarded("r2", new DeletionGuard(0, 100, null, 1));

        assertThat(second.added()).isEqualTo(1);
        assertThat(second.updated()).isEqualTo(1);
        assertThat(second.deleted()).isEqualTo(1);
        assertThat(second.unchanged()).isEqualTo(18);
        assertThat(reached().covers(last)).isTrue();
        assertThat(snapshot(corpus)).isEqualTo(fresh());
        assertThat(corpus.ledger("generation-1")
                        .path("changeLatency")
                        .path("documents")
                        .asLong())
                .as("one that was pushed anew and one that was added have the time at which they were taken")
                .isEqualTo(2);
        assertThat(run("r3").unchanged()).isEqualTo(20);
    }

    @Test
    void asksTheInboxForOneListingAndNoDocumentWhereNothingWasPushed() {
        for (var i = 0; i < 20; i++) {
            pushed.put("d" + i, "Words of document %d.".formatted(i));
        }
        run("r1");
        run("r2");
        try (var proxy = RecordingProxy.start(SharedNode.url())) {
            var inbox = "/" + corpus.names().inbox() + "/";
            var through = corpus.through(proxy.url());
            assertThat(through.run(specification(corpus.through(proxy.url()), "r3"))
                            .unchanged())
                    .isEqualTo(20);
            assertThat(proxy.calls().stream().map(ElasticsearchCall::path).filter(path -> path.startsWith(inbox)))
                    .as("where it is, that it is there, all at one moment, and how far back deletions are known")
                    .containsExactly(
                            inbox + "_stats/docs",
                            inbox + "_refresh",
                            inbox + "_pit",
                            inbox + "_doc/" + InboxFields.HORIZON);
            assertThat(proxy.count(call -> call.isTo("/_pit") && call.method().equals("DELETE")))
                    .as("of the inbox and of the records")
                    .isEqualTo(2);
        }
    }

    @Test
    void beginsWithNothingAndEndsWithNothing() {
        assertThat(run("r1").listed()).isZero();
        pushed.put("a", "Words.");
        assertThat(run("r2").added()).isEqualTo(1);
        pushed.delete("a");
        assertThat(run("r3").deleted()).isEqualTo(1);
        assertThat(verify("r4").listed()).isZero();
    }

    @Test
    void deletesNothingForAnInboxThatWasLost() throws IOException {
        pushed.put("a", "Words.");
        run("r1");
        var before = snapshot(corpus);
        pushed.delete();
        assertThatThrownBy(() -> run("r2")).isInstanceOf(SourceException.class).hasMessageContaining("does not exist");
        pushed.create();
        assertThatThrownBy(() -> run("r3"))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("made anew and holds nothing");
        assertThat(corpus.ledger("generation-1").path("documents").asInt()).isEqualTo(1);
        assertThat(before.documents()).hasSize(1);
        assertThat(snapshot(corpus)).isEqualTo(before);
        pushed.put("b", "Other words.");
        assertThat(run("r4").deleted()).isEqualTo(1);
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void saysWhatIsReachedEvenIfDeletionsAreWithheld() {
        for (var i = 0; i < 10; i++) {
            pushed.put("d" + i, "Words of document %d.".formatted(i));
        }
        run("r1");
        for (var i = 0; i < 8; i++) {
            pushed.delete("d" + i);
        }
        pushed.put("new", "New words.");
        var last = pushed.reader().position();

        guarded("r2", new DeletionGuard(2, 10, null, 1));

        assertThat(reached().covers(last)).isTrue();
        assertThat(corpus.ledger(Reached.id(1)).path("withheld").asBoolean()).isTrue();
        var token = corpus.ledger("generation-1").path("withheld").path("token").asText();
        assertThat(guarded("r3", new DeletionGuard(2, 10, token, 1)).deleted()).isEqualTo(8);
        assertThat(corpus.ledger(Reached.id(1)).path("withheld").asBoolean()).isFalse();
    }

    /** The next listing is as the last one was, so that nothing tells of what was read between them. */
    @Test
    void keepsNothingThatWasPushedAndTakenBackWhileARunRead() throws Exception {
        pushed.put("a", "Words.");
        try (var proxy = RecordingProxy.start(SharedNode.url());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var reading = new Disturbance.Hold();
            proxy.disturb(call -> call.isTo(corpus.names().inbox() + "/_mget"), 1, reading);
            var through = corpus.through(proxy.url());
            var run = threads.submit(() -> through.run(specification(through, "r1")));
            reading.awaitCall();
            pushed.put("a", "Other words.");
            reading.release();
            assertThat(run.get().added()).isEqualTo(1);
        }
        pushed.put("a", "Words.");
        run("r2");
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void readsWhatExceededLimitsAgainWhenTheyAreOthers() throws IOException {
        pushed.put("a", "Words.\n\n".repeat(500));
        pushed.put("b", "Words.");
        assertThat(limited("r1", 1).quarantined()).isEqualTo(1);
        assertThat(limited("r2", 1).quarantined()).isEqualTo(1);
        assertThat(limited("r3", 500).quarantined()).isZero();
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    private Counts limited(String name, int maxChunks) {
        var limits = new Limits(1 << 20, maxChunks, 50, 2);
        return corpus.run(Corpora.limited(specification(corpus, name), limits));
    }

    @Test
    void quarantinesWhatHasBecomeTooLarge() throws IOException {
        pushed.put("a", "x".repeat((1 << 20) + 1));
        pushed.put("b", "Words.");
        assertThat(run("r1").quarantined()).isEqualTo(1);
        assertThat(snapshot(corpus).documents())
                .containsOnlyKeys(TestInbox.SOURCE + ":b")
                .allSatisfy((id, document) -> assertThat(document.chunks()).containsExactly("Words."));
        pushed.put("a", "Fewer words.");
        assertThat(run("r2").quarantined()).isZero();
        assertThat(snapshot(corpus).documents()).hasSize(2);
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void equalsAnUninterruptedRunHoweverOftenItIsCutOff() throws IOException {
        var random = new Random(11);
        var cut = 0;
        try (var proxy = RecordingProxy.start(SharedNode.url())) {
            var through = corpus.through(proxy.url());
            for (var round = 0; round < 8; round++) {
                edit(random, round == 0 ? 40 : 12);
                var request = 4 + random.nextInt(14);
                var seen = new AtomicInteger();
                proxy.disturb(call -> seen.incrementAndGet() >= request, 1_000, Disturbance.Refuse.with(503));
                try {
                    through.run(specification(through, "cut-" + round));
                } catch (RuntimeException expected) {
                    cut++;
                }
                proxy.calm();
                edit(random, 2);
                run("r" + round);
                assertThat(snapshot(corpus)).as("after %d cuts", cut).isEqualTo(fresh());
            }
        }
        assertThat(cut).isPositive();
    }

    @Test
    void takesInWhatComesBackAfterARunDiedThatRemovedIt() throws IOException {
        pushed.put("a", "Words that go and come back.");
        pushed.put("keep", "Other words.");
        run("r1");
        pushed.delete("a");
        dies("r2", call -> call.isTo("-g1-manifest/_bulk") && deletes(call));
        assertThat(snapshot(corpus).documents().get(TestInbox.SOURCE + ":a"))
                .as("its passages have gone, its record hasn't")
                .isNotNull()
                .satisfies(document -> assertThat(document.chunks()).isEmpty());
        pushed.put("a", "Words that go and come back.");

        run("r3");

        assertThat(snapshot(corpus)).isEqualTo(fresh());
        assertThat(snapshot(corpus).documents()).hasSize(2);
    }

    @Test
    void takesDocumentsInAgainWhoseSourceIsDeclaredAgainAfterARunDiedThatRemovedThem() throws IOException {
        pushed.put("a", "Words.");
        corpus.write("b.md", "# B\n\nOther words.");
        var files = Corpora.volume("files", null);
        corpus.run(corpus.specification("r1", MANIFEST, List.of(), List.of(corpus.source(), files)));
        dies(
                corpus.specification("r2", MANIFEST, List.of(), List.of(files)),
                call -> call.isTo("/_doc/generation-1")
                        && call.method().equals("PUT")
                        && corpus.ledger("lease")
                                .path("holders")
                                .path("1")
                                .path("name")
                                .asText()
                                .equals("r2")
                        && snapshot(corpus).documents().keySet().equals(Set.of("files:b.md")));

        corpus.run(corpus.specification("r3", MANIFEST, List.of(), List.of(corpus.source(), files)));

        assertThat(snapshot(corpus).documents()).hasSize(2);
    }

    private void dies(String run, Predicate<ElasticsearchCall> where) {
        dies(specification(corpus, run), where);
    }

    /** Does a run whose requests are answered no more from this one on. */
    private void dies(RunSpecification specification, Predicate<ElasticsearchCall> where) {
        try (var proxy = RecordingProxy.start(SharedNode.url())) {
            var isDead = new AtomicBoolean();
            proxy.disturb(
                    call -> isDead.get() || where.test(call) && isDead.compareAndSet(false, true),
                    Integer.MAX_VALUE,
                    new Disturbance.Disconnect(false));
            var through = corpus.through(proxy.url());
            assertThatThrownBy(() -> through.run(specification)).isInstanceOf(RuntimeException.class);
            assertThat(isDead).isTrue();
        }
    }

    private static boolean deletes(ElasticsearchCall call) {
        return call.writes().getFirst().action().equals("delete");
    }

    @Test
    void losesNothingThatIsPushedWhileRunsGoOn() throws Exception {
        var isOver = false;
        var documents = 6 * 50;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var writer = 0; writer < 6; writer++) {
                var own = writer;
                threads.execute(() -> {
                    for (var i = 0; i < 50; i++) {
                        pushed.put("w%d-%d".formatted(own, i), "Words %d of %d.".formatted(i, own));
                        if (i % 5 == 4) {
                            pushed.delete("w%d-%d".formatted(own, i - 2));
                        }
                    }
                });
            }
            threads.shutdown();
            for (var run = 0; !isOver; run++) {
                isOver = threads.isTerminated();
                run("r" + run);
            }
        }
        assertThat(corpus.ledger("generation-1").path("documents").asInt()).isEqualTo(documents - documents / 5);
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void isFollowedAndSaysUpToWhereEvenIfNothingIsAnotherDocument() throws Exception {
        var random = new Random(5);
        edit(random, 30);
        var stop = new StopSignal();
        var specification = Corpora.following(specification(corpus, "f1"), Duration.ofSeconds(5));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var follower = threads.submit(() -> corpus.follow(specification, stop));
            for (var round = 0; round < 10; round++) {
                if (round % 2 == 0) {
                    edit(random, 5);
                } else {
                    pushed.put("same", "The same words.");
                }
                awaitReached(pushed.reader().position(), follower);
            }
            stop.give();
            follower.get();
        }
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    private void awaitReached(PushPosition wanted, Future<?> follower) {
        var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!corpus.ledger(Reached.id(1)).has("positions") || !reached().covers(wanted)) {
            assertThat(follower.isDone()).isFalse();
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void edit(Random random, int changes) {
        for (var i = 0; i < changes; i++) {
            var id = "d" + random.nextInt(40);
            var content = random.nextInt(4) == 0 ? null : "# T\n\nWords %d.".formatted(random.nextInt(30));
            pushed.inbox().apply(List.of(TestInbox.change(id, content, ANY, null)));
        }
    }

    private PushPosition reached() {
        return PushPosition.parse(corpus.ledger(Reached.id(1))
                        .path("positions")
                        .path(TestInbox.SOURCE)
                        .asText())
                .orElseThrow();
    }

    private Corpora corpus() throws IOException {
        var files = Corpora.in(folder, SharedNode.url(), MODEL, null);
        var source = new SourceManifest(
                TestInbox.SOURCE, new SourceManifest.Push(), List.of(), List.of(), "https://example.org/{id}", null);
        var made = new Corpora(files.elasticsearch(), MODEL, source, files.mount(), files.workspace(), files.names());
        made.create(MANIFEST);
        return made;
    }

    private Counts run(String name) {
        return corpus.run(specification(corpus, name));
    }

    private Counts verify(String name) {
        return corpus.run(Corpora.verifying(specification(corpus, name)));
    }

    private Counts guarded(String name, DeletionGuard guard) {
        return corpus.run(Corpora.guarded(specification(corpus, name), guard));
    }

    private static RunSpecification specification(Corpora of, String name) {
        return of.specification(name, MANIFEST, List.of(), List.of(of.source()));
    }

    /** What a corpus would hold that had never been anything else. */
    private IndexSnapshot fresh() throws IOException {
        var other = corpus();
        var copy = new TestInbox(pushed.elasticsearch(), other.names().inbox(), Clock.systemUTC()).create();
        var ids = new ArrayList<String>();
        pushed.reader().read(TestInbox.SOURCE, null, found -> ids.add(found.id()), () -> {});
        for (var document : pushed.reader().documents(TestInbox.SOURCE, ids)) {
            var content = ManifestJson.mapper()
                    .readTree(document.json())
                    .path("content")
                    .asText();
            copy.put(document.id(), content);
        }
        other.run(specification(other, "fresh"));
        return snapshot(other);
    }

    private static IndexSnapshot snapshot(Corpora of) {
        return IndexSnapshot.of(SharedNode.url(), of.names().generation(1));
    }
}
