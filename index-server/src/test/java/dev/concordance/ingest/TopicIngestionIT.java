package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.KafkaProcess;
import dev.concordance.localcluster.servers.KafkaProcess.Listener;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification.DeletionGuard;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Jdbc.Format;
import dev.concordance.manifest.SourceManifest.Kafka;
import dev.concordance.manifest.SourceManifest.Kafka.Mechanism;
import dev.concordance.manifest.SourceManifest.Kafka.Sasl;
import dev.concordance.source.SourceException;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.IngestProcess;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.TestTopic;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A topic and its index: each record has its effect once, whatever the runs meet. */
class TopicIngestionIT {
    /** {@code -Dconcordance.kills=N} kills more often. */
    private static final int KILLS = Integer.getInteger("concordance.kills", 6);

    private static final int FOLLOWERS_KILLED = Math.max(3, KILLS / 2);
    private static final int DOCUMENTS = 60;
    private static final int BOMB = 200_000_000;
    private static final GenerationManifest MANIFEST = Corpora.manifest(1);
    private static final Embedder MODEL = SmallModel.get();
    private static final SourceManifest.JsonLines JSON =
            new SourceManifest.JsonLines("", "name", "body", "link", List.of("year"));

    @TempDir
    private static Path shared;

    private static KafkaProcess broker;

    @TempDir
    private Path folder;

    private TestTopic topic;
    private Corpora corpus;

    @BeforeAll
    static void startABroker() {
        broker = KafkaProcess.start(shared.resolve("broker"), null);
    }

    @AfterAll
    static void stopIt() {
        broker.close();
    }

    @BeforeEach
    void makeACorpus() throws IOException {
        topic = TestTopic.of(broker, 3, Map.of());
        corpus = corpus(topic.declared(null, Format.markdown));
        corpus.create(MANIFEST);
    }

    @AfterEach
    void close() {
        topic.close();
    }

    @Test
    void readsOnlyWhatHasChanged() throws IOException {
        for (var i = 0; i < 20; i++) {
            topic.put("d" + i, "# Title %d\n\nWords of document %d.\n".formatted(i, i));
        }
        var first = run("r1");
        assertThat(first.added()).isEqualTo(20);
        topic.put("d3", "# Title 3\n\nOther words.\n");
        topic.put("d4", null);
        topic.put("d20", "# Title 20\n\nNew words.\n");

        var second = run("r2");

        assertThat(second.added()).isEqualTo(1);
        assertThat(second.updated()).isEqualTo(1);
        assertThat(second.deleted()).isEqualTo(1);
        assertThat(second.unchanged()).isEqualTo(18);
        assertThat(second.listed()).isEqualTo(20);
        assertThat(snapshot(corpus)).isEqualTo(fresh());
        assertThat(run("r3").unchanged()).isEqualTo(20);
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void changesNothingWhenRecordsAreReadAgain() throws IOException {
        topic.put("a", "First words.");
        topic.put("b", "Words that go.");
        run("r1");
        var before = state();
        topic.put("a", "Second words.");
        topic.put("b", null);
        topic.put("c", "More words.");
        run("r2");
        var after = snapshot(corpus);
        put("generation-1", ((ObjectNode) state()).set("positions", before.path("positions")));

        var again = run("r3");

        assertThat(again.unchanged()).isEqualTo(2);
        assertThat(again.added() + again.updated() + again.deleted() + again.embedded() + again.chunksWritten())
                .isZero();
        assertThat(snapshot(corpus)).isEqualTo(after).isEqualTo(fresh());
    }

    @Test
    void equalsAnUninterruptedRunHoweverOftenItIsKilled() throws Exception {
        var random = new Random(7);
        var killed = 0;
        try (var proxy = RecordingProxy.start(SharedNode.url())) {
            var through = corpus.through(proxy.url());
            for (var round = 0; killed < KILLS; round++) {
                edit(random, round == 0 ? DOCUMENTS : 15);
                for (var attempt = 0; attempt < 4; attempt++) {
                    var run = "r%d-%d".formatted(round, attempt);
                    killed += isKilled(through, proxy, run, 4 + random.nextInt(18), random.nextBoolean()) ? 1 : 0;
                    edit(random, 2);
                }
                run("r%d-last".formatted(round));
                assertThat(snapshot(corpus)).as("after %d kills", killed).isEqualTo(fresh());
            }
        }
    }

    @Test
    void tellsNoPasswordAndNothingOfTheClientInItsLog() throws Exception {
        topic.put("a", "A secret word.");
        Files.createDirectories(folder.resolve("secret"));
        Files.writeString(folder.resolve("secret/username"), KafkaProcess.READER);
        Files.writeString(folder.resolve("secret/password"), KafkaProcess.PASSWORD);
        var kafka = new Kafka(
                List.of(broker.address(Listener.PASSWORD)),
                topic.name(),
                new Sasl(Mechanism.ScramSha256, "secret"),
                null,
                Format.text,
                false,
                null);
        var specification = corpus.specification("r1", MANIFEST, List.of(), List.of(TestTopic.declared(kafka)));
        try (var process = IngestProcess.start(
                specification, folder.resolve("work"), List.of("secret=" + folder.resolve("secret")), 256)) {
            assertThat(process.exitCode()).as(String.join("\n", process.log())).isZero();
            assertThat(process.log())
                    .noneMatch(line -> line.contains("password"))
                    .noneMatch(line -> line.contains("secret word"))
                    .noneMatch(line -> line.contains("org.apache.kafka"));
        }
        assertThat(indexed()).isEqualTo(1);
    }

    @Test
    void changesNothingWhileARecordUnpacksToMoreThanMemoryHolds() throws Exception {
        try (var small = TestTopic.of(broker, 1, Map.of("cleanup.policy", "compact,delete"))) {
            readsOnOnceTheRecordIsGone(small);
        }
    }

    private void readsOnOnceTheRecordIsGone(TestTopic topic) throws Exception {
        corpus = corpus(topic.declared(null, Format.markdown));
        corpus.create(MANIFEST);
        topic.put("a", "Words.");
        run("r1");
        var before = snapshot(corpus);
        assertThat(before.documents()).hasSize(1);
        topic.put("bomb", " ".repeat(BOMB), "gzip");
        topic.put("b", "More words.");
        var specification = corpus.specification("r2", MANIFEST, List.of(), List.of(corpus.source()));
        try (var process = IngestProcess.start(specification, folder.resolve("work"), List.of(), 128)) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.lastWords().path("reason").asText()).isEqualTo("SourceUnreachable");
            assertThat(process.lastWords().path("message").asText()).contains("which documents that concerns");
        }
        assertThat(snapshot(corpus)).isEqualTo(before);

        topic.admin()
                .deleteRecords(Map.of(new TopicPartition(topic.name(), 0), RecordsToDelete.beforeOffset(2)))
                .all()
                .get();
        topic.put("a", "Words.");
        assertThat(run("r3").added()).as("b").isEqualTo(1);
        assertThat(snapshot(corpus).documents()).hasSize(2);
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void changesNothingWhileABatchIsDamaged() throws Exception {
        topic.put("a", "Words that stay.");
        run("r1");
        var before = snapshot(corpus);
        assertThat(before.documents()).hasSize(1);
        var damaged = topic.put("b", "Words that will be damaged.");
        topic.put("c", "Words that stay.");
        overwrite(damaged, "damaged", "Damaged");

        isUnreadable(corpus, damaged);
        assertThat(snapshot(corpus)).isEqualTo(before);
        var first = corpus(corpus.source());
        first.create(MANIFEST);
        isUnreadable(first, damaged);
        assertThat(snapshot(first).documents()).isEmpty();

        overwrite(damaged, "Damaged", "damaged");
        assertThat(run("r3").added()).isEqualTo(2);
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    private static void isUnreadable(Corpora of, RecordMetadata record) {
        assertThatThrownBy(() -> of.run("r2", MANIFEST, List.of()))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.SourceUnreachable))
                .hasMessageContaining(
                        "partition %d of topic %s can't be read from offset %d on",
                        record.partition(), record.topic(), record.offset());
    }

    /** Puts words of as many characters in the place of others, where the broker keeps a record. */
    private static void overwrite(RecordMetadata record, String words, String others) throws IOException {
        broker.stop();
        var segment = broker.data(record.topic(), record.partition()).resolve("00000000000000000000.log");
        var at = new String(Files.readAllBytes(segment), StandardCharsets.ISO_8859_1).indexOf(words);
        try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(at);
            file.write(others.getBytes(StandardCharsets.ISO_8859_1));
        }
        broker.resume();
    }

    @Test
    void withholdsDeletionsBeyondTheGuardUntilTheyAreApproved() throws IOException {
        for (var i = 0; i < 20; i++) {
            topic.put("d%02d".formatted(i), "Words of document %d.".formatted(i));
        }
        guarded("r1", null);
        for (var i = 0; i < 10; i++) {
            topic.put("d%02d".formatted(i), null);
        }
        topic.put("more", "More words.");
        var counts = guarded("r2", null);
        assertThat(counts.deleted()).isZero();
        assertThat(counts.added()).isEqualTo(1);
        var token = state().path("withheld").path("token").asText();
        assertThat(state().path("withheld").path("documents").asInt()).isEqualTo(10);

        topic.put("d00", "Words of document 0.");
        topic.put("d19", null);
        guarded("r3", null);
        assertThat(state().path("withheld").path("documents").asInt()).isEqualTo(10);
        assertThat(indexed()).isEqualTo(21);

        assertThat(guarded("r4", token).deleted())
                .as("what was shown, without what has come back, and the one that the guard allows")
                .isEqualTo(10);
        assertThat(indexed()).isEqualTo(11);
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void doesNotGoOnFromWhatAnotherDeclarationHasLeftHalfDone() throws IOException {
        for (var i = 0; i < 5; i++) {
            topic.put("d" + i, "# Title %d\n\nWords of document %d.\n".formatted(i, i));
        }
        run("r1");
        var another = topic.declared(null, Format.text);
        var missing = new SourceManifest(
                "missing", new SourceManifest.Volume("data", "nowhere"), List.of(), List.of(), null, null);
        assertThatThrownBy(() -> corpus.run(corpus.specification("r2", MANIFEST, List.of(), List.of(another, missing))))
                .isInstanceOf(SourceException.class);

        run("r3");

        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void setsBrokenValuesAsideUntilTheyAreMended() throws IOException {
        corpus = corpus(topic.declared(JSON, Format.markdown));
        corpus.create(MANIFEST);
        topic.put(
                "good",
                "{\"name\": \"Good\", \"body\": \"# Words\", \"link\": \"https://example.com/g\", \"year\": 2026}");
        topic.put("broken", "{\"body\": \"Words");
        topic.put("list", "[\"Words\"]");
        topic.put("bare", "{\"text\": \"Words\"}");
        topic.put("odd", "{\"body\": \"Words\", \"year\": \"last\"}");
        run("r1");
        assertThat(state().path("quarantineSample").valueStream())
                .extracting(one -> one.path("documentId").asText() + " "
                        + one.path("reason").asText())
                .containsExactlyInAnyOrder(
                        "broken " + QuarantineReason.BrokenJson,
                        "list " + QuarantineReason.BrokenJson,
                        "bare " + QuarantineReason.MissingText,
                        "odd " + QuarantineReason.BadMetadata);
        assertThat(indexed()).isEqualTo(1);

        topic.put("broken", "{\"body\": \"Words\"}");
        topic.put("list", null);
        run("r2");

        assertThat(indexed()).isEqualTo(2);
        assertThat(state().path("quarantined").asInt()).isEqualTo(2);
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    @Test
    void fillsAnotherGenerationFromTheWholeTopicAndKeepsItFresh() throws IOException {
        topic.put("a", "First words.");
        run("r1");
        topic.put("b", "Second words.");
        run("r2");
        var next = Corpora.manifest(2);
        corpus.create(next);
        assertThat(corpus.run("b1", next, List.of(1)).added()).isEqualTo(2);
        topic.put("a", null);
        var counts = corpus.run("b2", next, List.of(1));
        assertThat(counts.deleted()).isEqualTo(1);
        assertThat(counts.unchanged()).isEqualTo(1);
        run("r3");
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    private Counts run(String name) {
        return corpus.run(name, MANIFEST, List.of());
    }

    private Counts guarded(String name, @Nullable String approved) {
        var specification = corpus.specification(name, MANIFEST, List.of(), List.of(corpus.source()));
        return corpus.run(Corpora.guarded(specification, new DeletionGuard(2, 10, approved, 1)));
    }

    @Test
    void followsTheTopicAsItIsWrittenAndEqualsAFreshBuildHoweverOftenItIsKilled() throws Exception {
        var random = new Random(5);
        edit(random, DOCUMENTS);
        var following = Corpora.following(
                corpus.specification("f1", MANIFEST, List.of(), List.of(corpus.source())), Duration.ofSeconds(2));
        for (var kill = 0; kill < FOLLOWERS_KILLED; kill++) {
            try (var process = IngestProcess.start(following, folder.resolve("work"), List.of(), 256)) {
                edit(random, 4);
                awaitAll(process);
                edit(random, 20);
                LockSupport.parkNanos(random.nextInt(500) * 1_000_000L);
                process.kill();
            }
        }
        try (var process = IngestProcess.start(following, folder.resolve("work"), List.of(), 256)) {
            topic.put("last", "The last words.");
            awaitAll(process);
            process.terminate();
            assertThat(process.exitCode()).as(String.join("\n", process.log())).isZero();
        }
        assertThat(snapshot(corpus)).isEqualTo(fresh());
    }

    private void awaitAll(IngestProcess process) {
        var now = Instant.now();
        TestTopic.until(
                "all is searchable",
                () -> !process.isAlive()
                        || state().has("freshAsOf")
                                && Instant.parse(state().path("freshAsOf").asText())
                                        .isAfter(now));
    }

    /** Runs until a request of this number arrives, and kills the run there, the request done or not. */
    private boolean isKilled(Corpora of, RecordingProxy proxy, String run, int request, boolean done) throws Exception {
        var seen = new AtomicInteger();
        var hold = new Disturbance.Hold();
        proxy.disturb(call -> !call.path().contains("/_doc/run-") && seen.incrementAndGet() == request, 1, hold);
        var specification = of.specification(run, MANIFEST, List.of(), List.of(of.source()));
        try (var process = IngestProcess.start(specification, folder.resolve("work"), List.of(), 256)) {
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

    /** Adds, changes and deletes documents. */
    private void edit(Random random, int records) {
        for (var i = 0; i < records; i++) {
            var key = "d%02d".formatted(random.nextInt(DOCUMENTS));
            topic.put(
                    key,
                    random.nextInt(5) == 0
                            ? null
                            : "# Title %d\n\nWords number %d.\n\n## Section\n\nMore words, number %d.\n"
                                    .formatted(random.nextInt(100), random.nextInt(100), random.nextInt(100)));
        }
        topic.put("keep", "Some words.");
    }

    private JsonNode state() {
        return corpus.ledger("generation-1");
    }

    private long indexed() {
        return state().path("documents").asLong();
    }

    private void put(String id, JsonNode document) {
        try (var connection = corpus.connection()) {
            connection.send(
                    "PUT",
                    "/" + corpus.names().ledger() + "/_doc/" + id,
                    document.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    private Corpora corpus(SourceManifest source) throws IOException {
        var files = Corpora.in(folder, SharedNode.url(), MODEL, null);
        return new Corpora(
                files.elasticsearch(), files.model(), source, files.mount(), files.workspace(), files.names());
    }

    private IndexSnapshot fresh() throws IOException {
        var other = corpus(corpus.source());
        other.create(MANIFEST);
        other.run("fresh", MANIFEST, List.of());
        return snapshot(other);
    }

    private static IndexSnapshot snapshot(Corpora of) {
        return IndexSnapshot.of(SharedNode.url(), of.names().generation(1));
    }
}
