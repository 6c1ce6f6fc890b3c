package dev.concordance.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.http.VirtualTime;
import dev.concordance.index.DocumentKey;
import dev.concordance.localcluster.servers.ElasticsearchCall;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.PushPosition;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.TestInbox;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The inbox on a real Elasticsearch: conditions hold exactly, requests are done once, and nothing is missed. */
class InboxIT {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final Condition ANY = new Condition.None();
    private static ElasticsearchConnection elasticsearch;

    private Instant now = Instant.parse("2026-05-04T12:00:00Z");
    private TestInbox pushed;

    @BeforeAll
    static void connect() {
        elasticsearch = ElasticsearchConnection.open(
                new ElasticsearchAccess(List.of(SharedNode.url().toString()), null, null),
                Path::of,
                Duration.ofSeconds(60));
    }

    @AfterAll
    static void close() {
        elasticsearch.close();
    }

    @BeforeEach
    void makeAnInbox() {
        pushed = new TestInbox(elasticsearch, "cc-test.push" + NEXT.incrementAndGet() + "._inbox", () -> now).create();
    }

    @Test
    void keepsWhatWasPushedAndTellsVersions() {
        var first = done(pushed.put("a", "One."));
        assertThat(first.created()).isTrue();
        var second = done(pushed.put("a", "Two."));
        assertThat(second.created()).isFalse();
        assertThat(second.version().sequence()).isGreaterThan(first.version().sequence());
        var read = pushed.reader().documents(TestInbox.SOURCE, List.of("a", "b"));
        assertThat(read).hasSize(1);
        assertThat(read.getFirst().version()).isEqualTo(second.version());
        assertThat(read.getFirst().json()).contains("Two.");
        assertThat(done(pushed.delete("a")).created()).isFalse();
        assertThat(pushed.reader().documents(TestInbox.SOURCE, List.of("a"))).isEmpty();
        assertThat(pushed.delete("a")).isEqualTo(new Outcome.Missing());
        assertThat(pushed.delete("never")).isEqualTo(new Outcome.Missing());
        assertThat(done(pushed.put("a", "Three.")).created()).isTrue();
    }

    /** Elasticsearch answers for each document by itself: of one whose shard is away it says so in an answer that is a success. */
    @Test
    void takesNothingForGoneOfWhichNobodyCanTell() {
        pushed.put("a", "One.");
        disturbed(
                call -> call.isTo("/_mget"),
                "{\"docs\":[{\"error\":{\"type\":\"no_shard_available_action_exception\"}}]}",
                through -> {
                    var ids = List.of("a");
                    assertThatThrownBy(() -> new InboxReader(through, pushed.index()).documents(TestInbox.SOURCE, ids))
                            .isInstanceOf(Busy.class);
                },
                through -> {
                    var read = new InboxReader(through, pushed.index()).documents(TestInbox.SOURCE, List.of("a"));
                    assertThat(read).hasSize(1);
                });
    }

    @Test
    void writesAgainWhatElasticsearchHadNoRoomFor() {
        pushed.put("a", "One.");
        var key = DocumentKey.of(TestInbox.SOURCE, "a");
        disturbed(
                call -> call.isTo("/_bulk"),
                "{\"items\":[{\"index\":{\"status\":429}}]}",
                through -> {
                    var erasure = new InboxErasure(through, pushed.index(), () -> now);
                    assertThatThrownBy(() -> erasure.erase(List.of(key))).isInstanceOf(Busy.class);
                },
                through -> {
                    new InboxErasure(through, pushed.index(), () -> now).erase(List.of(key));
                    assertThat(pushed.reader().documents(TestInbox.SOURCE, List.of("a")))
                            .isEmpty();
                });
    }

    /** One after the other, each of which gets this answer once. */
    private static void disturbed(
            Predicate<ElasticsearchCall> call,
            String answer,
            Consumer<ElasticsearchConnection> hasty,
            Consumer<ElasticsearchConnection> patient) {
        try (var proxy = RecordingProxy.start(SharedNode.url());
                var through = ElasticsearchConnection.open(
                        new ElasticsearchAccess(List.of(proxy.url().toString()), null, null),
                        Path::of,
                        Duration.ofSeconds(60))) {
            proxy.disturb(call, 1, new Disturbance.Refuse(200, answer));
            hasty.accept(through);
            proxy.disturb(call, 1, new Disturbance.Refuse(200, answer));
            patient.accept(through.patient(new VirtualTime()));
        }
    }

    @Test
    void erasesWhatWasReadAndNotWhatWasWrittenSince() {
        var erasure = new InboxErasure(elasticsearch, pushed.index(), () -> now);
        var key = DocumentKey.of(TestInbox.SOURCE, "a");
        pushed.put("a", "One.");
        var read = String.valueOf(erasure.hashes(List.of(key)).get(key));
        pushed.put("a", "Two.");
        erasure.erase(key, read);
        assertThat(pushed.reader().documents(TestInbox.SOURCE, List.of("a"))).hasSize(1);
        erasure.erase(key, String.valueOf(erasure.hashes(List.of(key)).get(key)));
        assertThat(pushed.reader().documents(TestInbox.SOURCE, List.of("a"))).isEmpty();
        assertThat(erasure.hashes(List.of(key))).isEmpty();
        pushed.put("a", "Three.");
        erasure.erase(List.of(key));
        assertThat(erasure.hashes(List.of(key))).isEmpty();
        assertThat(erasure.uuid()).isPresent();
        pushed.delete();
        assertThat(erasure.uuid()).isEmpty();
        pushed.create();
    }

    @Test
    void refusesAStaleVersionAndTellsThePresentOne() {
        var first = done(pushed.put("a", "One."));
        var second = done(pushed.put("a", "Two."));

        assertThat(pushed.put("a", "Three.", new Condition.OneOf(Set.of(first.version()))))
                .isEqualTo(new Outcome.ConditionFailed(second.version()));
        assertThat(pushed.put("a", "Three.", new Condition.Absent()))
                .isEqualTo(new Outcome.ConditionFailed(second.version()));
        assertThat(pushed.put("b", "New.", new Condition.Present())).isEqualTo(new Outcome.ConditionFailed(null));
        assertThat(pushed.put("a", "Three.", new Condition.OneOf(Set.of(first.version(), second.version()))))
                .isInstanceOf(Outcome.Done.class);
        pushed.delete("a");
        assertThat(pushed.put("a", "Again.", new Condition.Present())).isEqualTo(new Outcome.ConditionFailed(null));
        assertThat(pushed.put("a", "Again.", new Condition.Absent())).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void letsExactlyOneOfManyWritersWin() throws Exception {
        var version = done(pushed.put("a", "Begin.")).version();
        for (var round = 0; round < 20; round++) {
            var condition = new Condition.OneOf(Set.of(version));
            var outcomes = together(16, writer -> pushed.put("a", "By " + writer, condition));
            var winners =
                    outcomes.stream().filter(Outcome.Done.class::isInstance).toList();
            assertThat(winners).hasSize(1);
            version = done(winners.getFirst()).version();
            assertThat(outcomes)
                    .filteredOn(outcome -> !(outcome instanceof Outcome.Done))
                    .containsOnly(new Outcome.ConditionFailed(version));
        }
        var made = together(16, writer -> pushed.put("new", "By " + writer, new Condition.Absent()));
        assertThat(made).filteredOn(Outcome.Done.class::isInstance).hasSize(1);
    }

    @Test
    void makesAllUnconditionalChangesOfManyWriters() throws Exception {
        var outcomes = together(24, writer -> pushed.put("a", "By " + writer));
        assertThat(outcomes).allMatch(Outcome.Done.class::isInstance);
        assertThat(outcomes.stream().map(outcome -> done(outcome).version()).distinct())
                .hasSize(24);
        assertThat(outcomes).filteredOn(outcome -> done(outcome).created()).hasSize(1);
    }

    @Test
    void answersARepeatedRequestAsTheFirstTime() {
        var version = done(pushed.put("a", "One.")).version();
        var change = TestInbox.change("a", "Two.", new Condition.OneOf(Set.of(version)), "key-1");
        var first = apply(change);

        assertThat(apply(change)).isEqualTo(first);
        pushed.put("a", "Three, by somebody else.");
        assertThat(apply(change)).isEqualTo(first);
        pushed.delete("a");
        assertThat(apply(change)).isEqualTo(first);
        assertThat(pushed.reader().documents(TestInbox.SOURCE, List.of("a"))).isEmpty();
        assertThat(apply(TestInbox.change("a", "Another body.", ANY, "key-1"))).isEqualTo(new Outcome.KeyReused());
        assertThat(apply(TestInbox.change("a", "Another key.", ANY, "key-2"))).isInstanceOf(Outcome.Done.class);

        var deletion = TestInbox.change("a", null, ANY, "key-3");
        var deleted = apply(deletion);
        assertThat(apply(deletion)).isEqualTo(deleted).isInstanceOf(Outcome.Done.class);
        pushed.put("a", "Again.");
        assertThat(apply(deletion)).isEqualTo(deleted);
        assertThat(pushed.reader().documents(TestInbox.SOURCE, List.of("a"))).hasSize(1);
    }

    @Test
    void doesARequestOnceThatIsSentManyTimesAtOnceWhileOthersWrite() throws Exception {
        for (var round = 0; round < 10; round++) {
            var change = TestInbox.change("a", "Once " + round, ANY, "round-" + round);
            var outcomes = together(12, writer -> writer % 3 == 0 ? pushed.put("a", "By " + writer) : apply(change));
            var repeated = new HashSet<Outcome>();
            for (var writer = 0; writer < 12; writer++) {
                if (writer % 3 != 0) {
                    repeated.add(outcomes.get(writer));
                }
            }
            assertThat(repeated).hasSize(1).allMatch(Outcome.Done.class::isInstance);
        }
    }

    @Test
    void goesOnFromAPositionAndTellsDeletions() {
        pushed.put("a", "One.");
        pushed.put("b", "Two.");
        var first = read(null);
        assertThat(first.documents).containsOnlyKeys("a", "b");
        assertThat(first.extent.whole()).isTrue();
        pushed.put("c", "Three.");
        pushed.delete("a");
        inbox().apply(List.of(new Change("other", "x", null, ANY, new Change.Request("k", "f", false))));

        var second = read(first.extent.position());

        assertThat(second.extent.whole()).isFalse();
        assertThat(second.documents).containsOnlyKeys("a", "c");
        assertThat(second.documents.values())
                .extracting(InboxReader.Listed::isDeleted)
                .containsOnlyOnce(true);
        assertThat(read(second.extent.position()).documents).isEmpty();
        assertThat(read(null).documents).containsOnlyKeys("b", "c");
    }

    @Test
    void readsAllAnewFromAnInboxThatWasMadeAnew() {
        pushed.put("a", "One.");
        pushed.put("a", "Two.");
        var before = read(null).extent.position();
        pushed.delete();
        assertThatThrownBy(() -> pushed.put("a", "Lost.")).isInstanceOf(MissingInbox.class);
        assertThatThrownBy(() -> read(before)).isInstanceOf(MissingInbox.class);
        pushed.create();
        IntStream.range(0, 5).forEach(i -> pushed.put("d" + i, "Words."));
        assertThat(read(before).extent.whole()).isTrue();
        assertThat(read(before).documents).hasSize(5);
    }

    @Test
    void forgetsOldMarksOnlyForThoseWhoHaveSeenThem() {
        pushed.put("a", "One.");
        pushed.put("b", "Two.");
        var early = read(null).extent.position();
        pushed.delete("a");
        apply(TestInbox.change("b", "Three.", ANY, "key"));
        pushed.put("b", "Four.");
        var late = read(early).extent.position();
        assertThat(new Sweep(elasticsearch, pushed.index()).sweep(now)).isZero();
        now = now.plus(Sweep.RETENTION).plusSeconds(1);
        pushed.put("c", "Five.");
        pushed.delete("c");

        assertThat(new Sweep(elasticsearch, pushed.index()).sweep(now)).isEqualTo(2);

        assertThat(read(late).extent.whole()).isFalse();
        assertThat(read(late).documents).containsOnlyKeys("c");
        assertThat(read(early).extent.whole()).isTrue();
        assertThat(read(early).documents).containsOnlyKeys("b");
        assertThat(done(pushed.put("a", "Back.")).created()).isTrue();
        assertThat(read(late).documents).containsOnlyKeys("a", "c");
    }

    @Test
    void missesNothingThatIsPushedWhileItIsRead() throws Exception {
        var accepted = new ConcurrentHashMap<String, Boolean>();
        var followed = new HashMap<String, Boolean>();
        var isOver = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writers = new ArrayList<java.util.concurrent.Future<?>>();
            for (var writer = 0; writer < 8; writer++) {
                var own = writer;
                writers.add(threads.submit(() -> push(own, accepted)));
            }
            var closing = threads.submit(() -> {
                for (var writer : writers) {
                    writer.get();
                }
                isOver.set(true);
                return null;
            });
            PushPosition position = null;
            var listings = 0;
            for (var last = false; !last; listings++) {
                last = isOver.get();
                var read = read(position);
                read.documents.forEach((id, found) -> followed.put(id, !found.isDeleted()));
                position = read.extent.position();
            }
            closing.get();
            assertThat(listings).isGreaterThan(5);
        }
        assertThat(accepted).hasSize(8 * 40);
        assertThat(followed).isEqualTo(accepted);
        followed.values().removeIf(there -> !there);
        assertThat(read(null).documents.keySet()).isEqualTo(followed.keySet());
    }

    /** Batches and single changes of documents of its own, of which it knows how each ended. */
    private void push(int writer, Map<String, Boolean> accepted) {
        var random = new Random(writer);
        for (var round = 0; round < 60; round++) {
            var ids = random.ints(round % 3 == 0 ? 20 : 1, 0, 40)
                    .distinct()
                    .boxed()
                    .toList();
            var changes = ids.stream()
                    .map(id -> TestInbox.change(
                            writer + "-" + id, random.nextInt(4) == 0 ? null : "Words " + random.nextInt(), ANY, null))
                    .toList();
            var outcomes = inbox().apply(changes);
            for (var i = 0; i < changes.size(); i++) {
                var change = changes.get(i);
                if (outcomes.get(i) instanceof Outcome.Done) {
                    accepted.put(change.id(), change.document() != null);
                }
            }
        }
        for (var id = 0; id < 40; id++) {
            assertThat(pushed.put(writer + "-" + id, "Last " + id)).isInstanceOf(Outcome.Done.class);
            accepted.put(writer + "-" + id, true);
            if (id % 2 == 0) {
                assertThat(pushed.delete(writer + "-" + id)).isInstanceOf(Outcome.Done.class);
                accepted.put(writer + "-" + id, false);
            }
        }
    }

    private record Read(InboxReader.Extent extent, Map<String, InboxReader.Listed> documents) {}

    private Read read(@Nullable PushPosition former) {
        var documents = new HashMap<String, InboxReader.Listed>();
        var extent =
                pushed.reader().read(TestInbox.SOURCE, former, found -> documents.put(found.id(), found), () -> {});
        return new Read(extent, documents);
    }

    private Inbox inbox() {
        return pushed.inbox();
    }

    private Outcome apply(Change change) {
        return inbox().apply(List.of(change)).getFirst();
    }

    private static Outcome.Done done(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return (Outcome.Done) outcome;
    }

    private interface Writing {
        Outcome write(int writer);
    }

    private static List<Outcome> together(int writers, Writing writing) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = IntStream.range(0, writers)
                    .<Callable<Outcome>>mapToObj(writer -> () -> writing.write(writer))
                    .toList();
            var outcomes = new ArrayList<Outcome>();
            for (var future : threads.invokeAll(tasks)) {
                outcomes.add(future.get());
            }
            return outcomes;
        }
    }
}
