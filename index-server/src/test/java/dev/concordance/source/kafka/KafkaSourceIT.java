package dev.concordance.source.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.concordance.localcluster.servers.KafkaProcess;
import dev.concordance.localcluster.servers.KafkaProcess.Listener;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Jdbc.Format;
import dev.concordance.manifest.SourceManifest.Kafka;
import dev.concordance.manifest.SourceManifest.Kafka.Mechanism;
import dev.concordance.manifest.SourceManifest.Kafka.Sasl;
import dev.concordance.source.Before;
import dev.concordance.source.Entry;
import dev.concordance.source.LineContent;
import dev.concordance.source.Listing.Extent;
import dev.concordance.source.Reading;
import dev.concordance.source.SourceException;
import dev.concordance.spool.Spools;
import dev.concordance.testing.TestAuthority;
import dev.concordance.testing.TestTopic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics of a real broker. */
class KafkaSourceIT {
    /** Of who waits for nobody. */
    private static final Duration SHORT = Duration.ofSeconds(10);

    private static final int MOST_BYTES = 1_000;
    private static final String GONE = "gone";

    /** Compacts as soon as it can. */
    private static final Map<String, String> EAGER =
            Map.of("segment.ms", "100", "min.cleanable.dirty.ratio", "0.001", "max.compaction.lag.ms", "100");

    @TempDir
    private static Path folder;

    private static TestAuthority authority;
    private static KafkaProcess broker;

    /** A listing, each document by its value, {@link #GONE} or why it is refused. */
    private record Listed(Extent extent, String position, Map<String, String> documents) {}

    @BeforeAll
    static void start() throws Exception {
        authority = TestAuthority.in(folder);
        broker = KafkaProcess.start(folder.resolve("broker"), authority.hostKeyPem() + authority.hostPem());
        secret("secret", KafkaProcess.PASSWORD);
        secret("wrong", "wrong");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void readsTheLatestRecordOfEachKeyAndThenWhatHasChanged() {
        try (var topic = topic(3)) {
            topic.put("a", "first");
            topic.put("a", "second");
            topic.put("ü/b", "kept");
            topic.put("c", "short-lived");
            topic.put("c", null);
            var whole = list(topic, null);
            assertThat(whole.extent()).isEqualTo(Extent.Whole);
            assertThat(whole.documents()).isEqualTo(Map.of("a", "second", "ü/b", "kept"));

            topic.put("a", "third");
            topic.put("ü/b", null);
            topic.put("d", "new");
            var changes = list(topic, whole.position());
            assertThat(changes.extent()).isEqualTo(Extent.Changes);
            assertThat(changes.documents()).isEqualTo(Map.of("a", "third", "ü/b", GONE, "d", "new"));

            var nothing = list(topic, changes.position());
            assertThat(nothing.extent()).isEqualTo(Extent.Changes);
            assertThat(nothing.documents()).isEmpty();
            assertThat(list(topic, null).documents()).isEqualTo(Map.of("a", "third", "d", "new"));
        }
    }

    @Test
    void givesARecordTheSameChangeKeyAsLongAsItsValueIsTheSame() {
        try (var topic = topic(1)) {
            topic.put("a", "words");
            var first = changeKey(topic, "a");
            topic.put("a", "words");
            assertThat(changeKey(topic, "a")).isEqualTo(first);
            topic.put("a", "other words");
            assertThat(changeKey(topic, "a")).isNotEqualTo(first);
        }
    }

    @Test
    void saysWhatTimeARecordHas() {
        try (var topic = topic(1)) {
            var noon = Instant.parse("2026-05-04T12:00:00.250Z");
            topic.put(0, noon.toEpochMilli(), "a".getBytes(StandardCharsets.UTF_8), new byte[] {'b'});
            try (var source = open(topic.declared(null, Format.text), InstantSource.system(), KafkaClients.PATIENCE);
                    var spools = Spools.in(folder.resolve("work"));
                    var entries = source.list(spools).entries().open()) {
                assertThat(entries.next().changedAt()).isEqualTo(noon);
            }
        }
    }

    @Test
    void takesOffsetsAndNotTimesForTheOrderOfRecords() {
        try (var topic =
                TestTopic.of(broker, 1, Map.of("message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE)))) {
            topic.put(0, Instant.parse("2100-01-01T00:00:00Z").toEpochMilli(), bytes("a"), bytes("from the future"));
            topic.put(0, Instant.parse("1970-01-02T00:00:00Z").toEpochMilli(), bytes("a"), bytes("written last"));
            assertThat(list(topic, null).documents()).isEqualTo(Map.of("a", "written last"));
        }
    }

    @Test
    void readsACompactedTopicAsIfItWereNot() {
        try (var topic = TestTopic.of(broker, 1, EAGER)) {
            for (var i = 0; i < 20; i++) {
                topic.put("a", "version " + i);
                topic.put("b" + i, "words");
            }
            var position = list(topic, null).position();
            topic.put("a", "the last");
            topic.put("b3", null);
            topic.awaitCompaction(0, List.of(0L, 2L, 4L));

            var expected = new TreeMap<>(Map.of("a", "the last", "filler", "words"));
            for (var i = 0; i < 20; i++) {
                if (i != 3) {
                    expected.put("b" + i, "words");
                }
            }
            assertThat(list(topic, null).documents()).isEqualTo(expected);
            assertThat(list(topic, position).documents())
                    .isEqualTo(Map.of("a", "the last", "b3", GONE, "filler", "words"));
        }
    }

    @Test
    void readsAllWhenADeletionMayHaveBeenCompactedAway() {
        var settings = new HashMap<>(EAGER);
        settings.put("delete.retention.ms", "3000");
        try (var topic = TestTopic.of(broker, 1, settings)) {
            topic.put("a", "words");
            topic.put("b", "words");
            var position = list(topic, null).position();
            var tombstone = topic.put("b", null);
            topic.awaitCompaction(0, List.of(tombstone.offset()));

            var listed = list(topic, position);
            assertThat(listed.extent()).isEqualTo(Extent.Whole);
            assertThat(listed.documents()).isEqualTo(Map.of("a", "words", "filler", "words"));
        }
    }

    @Test
    void readsAllWhenTheLastRunIsTooLongAgo() {
        try (var topic = topic(1)) {
            topic.put("a", "words");
            var position = list(topic, null).position();
            var day = Duration.ofHours(24);
            assertThat(list(topic, position, at(Duration.ofHours(20))).extent()).isEqualTo(Extent.Changes);
            assertThat(list(topic, position, at(day)).extent()).isEqualTo(Extent.Whole);
            assertThat(list(topic, position, at(day.negated())).extent())
                    .as("a clock that was turned back tells nothing")
                    .isEqualTo(Extent.Whole);
        }
    }

    /** A deletion at its beginning could have been compacted away by the time of its end, and the record before it not. */
    @Test
    void trustsNoReadingThatTookLongerThanDeletionsAreKept() {
        try (var topic = TestTopic.of(broker, 1, Map.of("delete.retention.ms", "3600000"))) {
            topic.put("a", "words");
            var declared = topic.declared(null, Format.text);
            var late = new AtomicReference<>(Duration.ZERO);
            InstantSource clock = () -> Instant.now().plus(late.get());
            assertThatThrownBy(() -> list(declared, null, clock, () -> late.set(Duration.ofHours(2))))
                    .isInstanceOfSatisfying(
                            SourceException.class,
                            e -> assertThat(e.reason()).isEqualTo(FailureReason.SourceUnreachable))
                    .hasMessageContaining("raise its delete.retention.ms")
                    .hasMessageContaining("nothing was changed");

            var position = list(declared, null, clock, () -> {}).position();
            topic.put("b", "words");
            assertThat(list(declared, position, clock, () -> {}).extent()).isEqualTo(Extent.Changes);
            var later = list(declared, position, clock, () -> late.set(Duration.ofHours(4)));
            assertThat(later.extent())
                    .as("of its changes a deletion may be missing")
                    .isEqualTo(Extent.Whole);
            assertThat(later.documents()).isEqualTo(Map.of("a", "words", "b", "words"));
        }
    }

    @Test
    void readsAllOfATopicThatWasMadeAnew() {
        try (var topic = topic(1)) {
            topic.put("a", "words");
            topic.put("b", "words");
            var position = list(topic, null).position();
            topic.delete();
            topic.create(1, Map.of());
            topic.put("c", "other words");
            topic.put("d", "other words");
            topic.put("e", "other words");
            var listed = list(topic, position);
            assertThat(listed.extent()).isEqualTo(Extent.Whole);
            assertThat(listed.documents()).containsOnlyKeys("c", "d", "e");
        }
    }

    @Test
    void readsAllWhenRecordsWereRemoved() throws Exception {
        try (var topic = TestTopic.of(broker, 1, Map.of("cleanup.policy", "compact,delete"))) {
            topic.put("a", "words");
            topic.put("b", "words");
            var position = list(topic, null).position();
            topic.admin()
                    .deleteRecords(Map.of(new TopicPartition(topic.name(), 0), RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get();
            var listed = list(topic, position);
            assertThat(listed.extent()).isEqualTo(Extent.Whole);
            assertThat(listed.documents()).containsOnlyKeys("b");
        }
    }

    @Test
    void readsAllWhenThePositionIsBehindTheEndOrNone() {
        try (var topic = topic(1)) {
            topic.put("a", "words");
            var position = Position.parse(list(topic, null).position()).orElseThrow();
            var beyond = new TreeMap<>(position.partitions());
            beyond.replaceAll((number, partition) ->
                    new Position.Partition(partition.start(), partition.next() + 5, partition.epoch()));
            var lost = new Position(position.topic(), position.settings(), position.readAt(), beyond);
            assertThat(list(topic, lost.text()).extent()).isEqualTo(Extent.Whole);
            assertThat(list(topic, "a commit").extent()).isEqualTo(Extent.Whole);
            assertThat(list(topic, "{}").extent()).isEqualTo(Extent.Whole);
        }
    }

    @Test
    void readsAllWhenItIsReadInAnotherWay() {
        try (var topic = topic(1)) {
            topic.put("a", "words");
            var position = list(topic, null).position();
            assertThat(list(topic.declared(null, Format.markdown), position, InstantSource.system(), () -> {})
                            .extent())
                    .isEqualTo(Extent.Whole);
        }
    }

    @Test
    void setsAsideWhatCanBeNoDocumentAndReadsTheRest() {
        try (var topic = TestTopic.of(
                broker, 1, Map.of("cleanup.policy", "delete", "retention.ms", "-1", "retention.bytes", "-1"))) {
            var notUtf8 = new byte[] {(byte) 0xff, 1};
            topic.put("good", "words");
            topic.put(0, 1, null, bytes("nobody's"));
            topic.put(0, 2, null, bytes("nobody's"));
            topic.put(0, 3, notUtf8, bytes("words"));
            topic.put("k".repeat(8_192), "words");
            topic.put("line\nbreak", "words");
            topic.put("", "words");
            topic.put("large", "x".repeat(MOST_BYTES + 1));
            topic.put("empty", "");
            var whole = list(topic, null);
            assertThat(whole.documents()).containsEntry("good", "words").containsEntry("empty", "");
            assertThat(whole.documents().values())
                    .containsExactlyInAnyOrder(
                            "words",
                            "",
                            QuarantineReason.MissingId.name(),
                            QuarantineReason.BadId.name(),
                            QuarantineReason.BadId.name(),
                            QuarantineReason.BadId.name(),
                            QuarantineReason.BadId.name(),
                            QuarantineReason.TooLarge.name());

            topic.put(0, 4, notUtf8, null);
            topic.put("line\nbreak", null);
            topic.put("large", "small");
            var changes = list(topic, whole.position());
            assertThat(changes.documents().values()).containsExactlyInAnyOrder(GONE, GONE, "small");
            assertThat(whole.documents().keySet())
                    .containsAll(changes.documents().keySet());
        }
    }

    @Test
    void seesNoRecordOfATransactionThatWasNotCommitted() {
        try (var topic = topic(1);
                var producer = transactional()) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, topic, "a", "aborted");
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, topic, "b", "committed");
            producer.commitTransaction();
            var whole = list(topic, null);
            assertThat(whole.documents()).isEqualTo(Map.of("b", "committed"));

            producer.beginTransaction();
            send(producer, topic, "c", "not yet");
            var before = list(topic, whole.position());
            assertThat(before.documents()).isEmpty();
            producer.commitTransaction();
            var after = list(topic, before.position());
            assertThat(after.extent()).isEqualTo(Extent.Changes);
            assertThat(after.documents()).isEqualTo(Map.of("c", "not yet"));

            producer.beginTransaction();
            send(producer, topic, "b", "aborted");
            producer.abortTransaction();
            assertThat(list(topic, after.position()).documents()).isEmpty();
        }
    }

    @Test
    void takesTheLaterOfTwoRecordsWhenAKeyMovedToAnAddedPartition() throws Exception {
        try (var topic = topic(1)) {
            topic.put(0, 1_000, bytes("moved"), bytes("before"));
            topic.put(0, 1_000, bytes("stayed"), bytes("before"));
            topic.put(0, 1_000, bytes("deleted"), bytes("before"));
            var position = list(topic, null).position();
            topic.admin()
                    .createPartitions(Map.of(topic.name(), NewPartitions.increaseTo(3)))
                    .all()
                    .get();
            topic.put(2, 2_000, bytes("moved"), bytes("after"));
            topic.put(1, 2_000, bytes("deleted"), null);

            var changes = list(topic, position);
            assertThat(changes.extent()).isEqualTo(Extent.Changes);
            assertThat(changes.documents()).isEqualTo(Map.of("moved", "after", "deleted", GONE));
            assertThat(list(topic, null).documents()).isEqualTo(Map.of("moved", "after", "stayed", "before"));
        }
    }

    @Test
    void missesNoDocumentThatIsWrittenAndCompactedWhileItIsRead() {
        try (var topic = TestTopic.of(broker, 2, EAGER)) {
            topic.put(0, 1, bytes("a"), bytes("words"));
            var old = topic.put(1, 1, bytes("b"), bytes("old words"));
            var looks = new AtomicInteger();
            var listed = list(topic.declared(null, Format.text), null, InstantSource.system(), () -> {
                if (looks.incrementAndGet() == 1) {
                    topic.put(1, 2, bytes("b"), bytes("new words"));
                    topic.awaitCompaction(1, List.of(old.offset()));
                }
            });
            assertThat(listed.documents()).containsEntry("a", "words").containsEntry("b", "new words");
        }
    }

    @ParameterizedTest
    @EnumSource(Mechanism.class)
    void provesItsPassword(Mechanism mechanism) {
        try (var topic = topic(1)) {
            topic.put("a", "words");
            var address = broker.address(Listener.PASSWORD);
            assertThat(list(kafka(topic, address, new Sasl(mechanism, "secret"), false, null))
                            .documents())
                    .isEqualTo(Map.of("a", "words"));
            fails(
                    kafka(topic, address, new Sasl(mechanism, "wrong"), false, null),
                    FailureReason.SourceUnauthorized,
                    "kafka.credentialsSecretRef");
        }
    }

    @Test
    void saysThatNoCredentialsWereDeclared() throws Exception {
        try (var topic = topic(1)) {
            fails(
                    kafka(topic, broker.address(Listener.PASSWORD), null, false, null),
                    FailureReason.SourceUnauthorized,
                    "kafka.credentialsSecretRef");
            assertThat(Handshake.isWanted(
                            kafka(topic, broker.address(Listener.TLS_PASSWORD), null, true, authority.pem())))
                    .isTrue();
            assertThat(Handshake.isWanted(kafka(topic, broker.address(Listener.TLS), null, true, authority.pem())))
                    .isFalse();
            assertThat(Handshake.isWanted(kafka(topic, broker.address(Listener.PLAIN), null, false, null)))
                    .isFalse();
            assertThat(Handshake.isWanted(kafka(topic, broker.address(Listener.TLS), null, false, null)))
                    .as("it is no Kafka that answers so")
                    .isFalse();
            assertThat(Handshake.isWanted(kafka(topic, "127.0.0.1:1", null, false, null)))
                    .as("nobody is there")
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void readsRecordsHoweverTheyArePacked(String compression) {
        try (var topic = topic(1)) {
            var value = "words and words ".repeat(50);
            topic.put("a", value, compression);
            assertThat(list(topic, null).documents()).isEqualTo(Map.of("a", value));
        }
    }

    @Test
    void trustsTheDeclaredAuthorityAndNoOther() throws Exception {
        try (var topic = topic(1)) {
            topic.put("a", "words");
            var tls = broker.address(Listener.TLS);
            assertThat(list(kafka(topic, tls, null, true, authority.pem())).documents())
                    .isEqualTo(Map.of("a", "words"));
            assertThat(list(kafka(
                                    topic,
                                    broker.address(Listener.TLS_PASSWORD),
                                    new Sasl(Mechanism.ScramSha512, "secret"),
                                    true,
                                    authority.pem()))
                            .documents())
                    .isEqualTo(Map.of("a", "words"));
            fails(
                    kafka(topic, tls, null, true, authority.otherPem()),
                    FailureReason.SourceUnreachable,
                    "kafka.caConfigMapRef");
            fails(kafka(topic, tls, null, true, null), FailureReason.SourceUnreachable, "kafka.caConfigMapRef");
            fails(
                    kafka(topic, broker.address(Listener.PLAIN), null, true, authority.pem()),
                    FailureReason.SourceUnreachable,
                    "kafka.tls");
            fails(kafka(topic, tls, null, true, "no certificate"), FailureReason.SourceInvalid, "kafka.caConfigMapRef");
            fails(
                    kafka(topic, tls.replace("127.0.0.1", "localhost"), null, true, authority.pem()),
                    FailureReason.SourceUnreachable,
                    "is another host's: declare a name of the host");
            refuses(topic, authority.misnamed(), "is another host's");
            refuses(topic, authority.expired(), "has expired or isn't valid yet: have it renewed");
        }
    }

    /** A certificate is looked at before anything of Kafka's protocol is said, so that any server over TLS will do. */
    private static void refuses(TestTopic topic, TestAuthority host, String says) throws Exception {
        var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(host.host()));
        server.start();
        try {
            var address = "127.0.0.1:" + server.getAddress().getPort();
            fails(kafka(topic, address, null, true, authority.pem()), FailureReason.SourceUnreachable, says);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void saysWhatIsWrongWithADeclaration() throws Exception {
        try (var topic = topic(1);
                var deleted = TestTopic.of(broker, 1, Map.of("cleanup.policy", "delete"))) {
            var address = broker.address(Listener.PLAIN);
            fails(topic.declared(null, Format.text), FailureReason.SourceEmpty, "no documents");
            fails(deleted.declared(null, Format.text), FailureReason.SourceInvalid, "cleanup.policy=compact");
            fails(
                    new Kafka(List.of(address), "nowhere", null, null, Format.text, false, null),
                    FailureReason.SourceInvalid,
                    "no topic nowhere");
            fails(
                    kafka(topic, "127.0.0.1:1", null, false, null),
                    FailureReason.SourceUnreachable,
                    "kafka.bootstrapServers");
            fails(
                    kafka(topic, "kafka.invalid:9092", null, false, null),
                    FailureReason.SourceUnreachable,
                    "kafka.bootstrapServers");
            fails(
                    kafka(topic, broker.address(Listener.PASSWORD), new Sasl(Mechanism.Plain, "none"), false, null),
                    FailureReason.SourceUnauthorized,
                    "username and password");
            fails(
                    kafka(topic, address, new Sasl(Mechanism.Plain, "secret"), false, null),
                    FailureReason.SourceInvalid,
                    "kafka.mechanism");
        }
    }

    @Test
    void saysWhichRightsOnTheTopicAreMissing() throws Exception {
        try (var topic = topic(1)) {
            topic.put("a", "words");
            var declared =
                    kafka(topic, broker.address(Listener.PASSWORD), new Sasl(Mechanism.Plain, "secret"), false, null);
            allow(topic, AclOperation.DESCRIBE);
            fails(declared, FailureReason.SourceUnauthorized, "grant the user Read, Describe and DescribeConfigs");
            allow(topic, AclOperation.DESCRIBE_CONFIGS);
            // It sees that there are records, and gets none of them.
            fails(declared, FailureReason.SourceUnauthorized, "grant the user Read, Describe and DescribeConfigs");
            allow(topic, AclOperation.READ);
            assertThat(list(declared).documents()).containsOnlyKeys("a");
        }
    }

    private static void allow(TestTopic topic, AclOperation operation) throws Exception {
        topic.admin()
                .createAcls(List.of(new AclBinding(
                        new ResourcePattern(ResourceType.TOPIC, topic.name(), PatternType.LITERAL),
                        new AccessControlEntry("User:reader", "*", operation, AclPermissionType.ALLOW))))
                .all()
                .get();
    }

    @Test
    void takesNothingForDeletedWhenTheBrokerDiesInTheMiddle() {
        try (var own = KafkaProcess.start(folder.resolve("dying"), null);
                var topic = TestTopic.of(own, 4, Map.of())) {
            var expected = new LinkedHashMap<String, String>();
            for (var i = 0; i < 4_000; i++) {
                expected.put("key " + i, "value " + i);
            }
            topic.put(expected);
            var declared = topic.declared(null, Format.text);
            var looks = new AtomicInteger();
            var source = open(declared, InstantSource.system(), SHORT);
            assertThatThrownBy(() -> list(source, null, () -> {
                        if (looks.incrementAndGet() == 2) {
                            own.kill();
                        }
                    }))
                    .isInstanceOfSatisfying(
                            SourceException.class,
                            e -> assertThat(e.reason()).isEqualTo(FailureReason.SourceUnreachable))
                    .hasMessageContaining("nothing was changed");
            own.resume();
            var again = new AtomicInteger();
            var listed = list(declared, null, InstantSource.system(), () -> {
                if (again.incrementAndGet() == 2) {
                    own.kill();
                    own.resume();
                }
            });
            assertThat(again.get()).isGreaterThan(2);
            assertThat(listed.documents()).isEqualTo(expected);
        }
    }

    @Test
    void endsWhenItIsToldTo() {
        try (var topic = topic(1)) {
            topic.put("a", "words");
            assertThatThrownBy(() -> list(topic.declared(null, Format.text), null, InstantSource.system(), () -> {
                        throw new IllegalStateException("told to end");
                    }))
                    .hasMessage("told to end");
        }
    }

    private static TestTopic topic(int partitions) {
        return TestTopic.of(broker, partitions, Map.of());
    }

    private static Kafka kafka(
            TestTopic topic, String address, @Nullable Sasl sasl, boolean tls, @Nullable String authorities) {
        return new Kafka(List.of(address), topic.name(), sasl, null, Format.text, tls, authorities);
    }

    private static InstantSource at(Duration later) {
        return () -> Instant.now().plus(later);
    }

    private static Listed list(TestTopic topic, @Nullable String position) {
        return list(topic, position, InstantSource.system());
    }

    private static Listed list(TestTopic topic, @Nullable String position, InstantSource clock) {
        return list(topic.declared(null, Format.text), position, clock, () -> {});
    }

    private static Listed list(Kafka kafka) {
        return list(TestTopic.declared(kafka), null, InstantSource.system(), () -> {});
    }

    private static Listed list(
            SourceManifest declared, @Nullable String position, InstantSource clock, Runnable pause) {
        return list(open(declared, clock, KafkaClients.PATIENCE), position, pause);
    }

    private static Listed list(KafkaSource opened, @Nullable String position, Runnable pause) {
        try (var source = opened;
                var spools = Spools.in(folder.resolve("work"))) {
            var listing = source.list(
                    spools, new Before(position, Before.nothing(spools).documents(), pause));
            var documents = new TreeMap<String, String>();
            try (var entries = listing.entries().open()) {
                while (entries.hasNext()) {
                    var entry = entries.next();
                    documents.put(entry.id(), told(entry));
                }
            }
            return new Listed(listing.extent(), listing.position(), documents);
        }
    }

    private static String changeKey(TestTopic topic, String id) {
        try (var source = open(topic.declared(null, Format.text), InstantSource.system(), KafkaClients.PATIENCE);
                var spools = Spools.in(folder.resolve("work"));
                var entries = source.list(spools).entries().open()) {
            var entry = entries.next();
            assertThat(entry.id()).isEqualTo(id);
            return entry.changeKey();
        }
    }

    private static String told(Entry entry) {
        try {
            return switch (entry) {
                case Entry.Line line -> new String(new LineContent(line).read(), StandardCharsets.UTF_8);
                case Entry.Gone gone -> GONE;
                case Entry.Unreadable unreadable -> unreadable.reason().name();
                case Entry.Stored stored -> throw new IllegalStateException(stored.id());
            };
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void fails(Kafka kafka, FailureReason reason, String message) {
        fails(TestTopic.declared(kafka), reason, message);
    }

    private static void fails(SourceManifest declared, FailureReason reason, String message) {
        assertThatThrownBy(() -> list(open(declared, InstantSource.system(), SHORT), null, () -> {}))
                .isInstanceOfSatisfying(
                        SourceException.class,
                        e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason))
                .hasMessageContaining(message)
                .hasMessageContaining("nothing was changed")
                .hasMessageNotContaining(KafkaProcess.PASSWORD);
    }

    private static KafkaSource open(SourceManifest declared, InstantSource clock, Duration patience) {
        var reading = new Reading(folder::resolve, folder.resolve("work"), MOST_BYTES, path -> false);
        var kafka = (Kafka) declared.location();
        var sasl = kafka.sasl();
        return new KafkaSource(
                declared, kafka, sasl == null ? null : folder.resolve(sasl.mount()), reading, clock, patience);
    }

    private static KafkaProducer<String, String> transactional() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.address(Listener.PLAIN), "transactional.id", "writer"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static void send(KafkaProducer<String, String> producer, TestTopic topic, String key, String value) {
        var unused = producer.send(new ProducerRecord<>(topic.name(), key, value));
        producer.flush();
    }

    private static void secret(String name, String password) throws IOException {
        var into = Files.createDirectories(folder.resolve(name));
        Files.writeString(into.resolve("username"), KafkaProcess.READER + "\n");
        Files.writeString(into.resolve("password"), password + "\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
