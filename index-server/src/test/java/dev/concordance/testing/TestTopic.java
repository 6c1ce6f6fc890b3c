package dev.concordance.testing;

import dev.concordance.localcluster.servers.KafkaProcess;
import dev.concordance.localcluster.servers.KafkaProcess.Listener;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Jdbc.Format;
import dev.concordance.manifest.SourceManifest.Kafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A topic of a broker in a test, and what writes to it. Each has a name of its own. */
public final class TestTopic implements AutoCloseable {
    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final long LARGE = 1L << 30;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final KafkaProcess broker;
    private final String name;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    private TestTopic(KafkaProcess broker, String name) {
        this.broker = broker;
        this.name = name;
        Map<String, Object> servers = Map.of("bootstrap.servers", broker.address(Listener.PLAIN));
        admin = Admin.create(servers);
        // KAFKA-15591: a new partition may refuse a first request and take a second, after which it refuses the first
        // for ever.
        Map<String, Object> inOrder =
                Map.of("bootstrap.servers", broker.address(Listener.PLAIN), "max.in.flight.requests.per.connection", 1);
        producer = new KafkaProducer<>(inOrder, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Makes a compacted topic. */
    public static TestTopic of(KafkaProcess broker, int partitions, Map<String, String> settings) {
        var topic = new TestTopic(broker, "articles-" + NEXT.incrementAndGet());
        topic.create(partitions, settings);
        return topic;
    }

    /** Makes it anew, after it was deleted. */
    public void create(int partitions, Map<String, String> settings) {
        var all = new HashMap<>(Map.of("cleanup.policy", "compact"));
        all.putAll(settings);
        var topic = new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(all);
        await(admin.createTopics(List.of(topic)).all().toCompletionStage().toCompletableFuture());
    }

    /** Deletes it, and waits until it is gone. */
    public void delete() {
        await(admin.deleteTopics(List.of(name)).all().toCompletionStage().toCompletableFuture());
        until(
                "the topic is gone",
                () -> !get(admin.listTopics().names().toCompletionStage().toCompletableFuture())
                        .contains(name));
    }

    public String name() {
        return name;
    }

    public Admin admin() {
        return admin;
    }

    /** A source of it, read by anybody. */
    public SourceManifest declared(SourceManifest.@Nullable JsonLines json, Format format) {
        return declared(new Kafka(List.of(broker.address(Listener.PLAIN)), name, null, json, format, false, null));
    }

    /** A source. */
    public static SourceManifest declared(Kafka kafka) {
        return new SourceManifest("kb", kafka, List.of(), List.of(), "https://example.org/{id}", null);
    }

    /** Writes a record, to where its key belongs. */
    public RecordMetadata put(String key, @Nullable String value) {
        return send(new ProducerRecord<>(name, null, null, bytes(key), value == null ? null : bytes(value)));
    }

    /** Writes a record to a partition, with a time. */
    public RecordMetadata put(int partition, long timestamp, byte @Nullable [] key, byte @Nullable [] value) {
        return send(new ProducerRecord<>(name, partition, timestamp, key, value));
    }

    /** Writes a record that is packed. */
    public void put(String key, String value, String compression) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.address(Listener.PLAIN),
                "compression.type",
                compression,
                "max.request.size",
                Integer.MAX_VALUE,
                "buffer.memory",
                LARGE);
        try (var packing = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            var unused = get(packing.send(new ProducerRecord<>(name, bytes(key), bytes(value))));
        }
    }

    /** Writes many records before it waits for the first. */
    public void put(Map<String, String> records) {
        var sent = records.entrySet().stream()
                .map(record -> producer.send(
                        new ProducerRecord<>(name, null, null, bytes(record.getKey()), bytes(record.getValue()))))
                .toList();
        producer.flush();
        sent.forEach(TestTopic::get);
    }

    /** Offsets of the records that are there, with their keys. */
    public Map<Long, String> records(int partition) {
        var found = new HashMap<Long, String>();
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.address(Listener.PLAIN));
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var all = new TopicPartition(name, partition);
            consumer.assign(List.of(all));
            consumer.seekToBeginning(List.of(all));
            var end = consumer.endOffsets(List.of(all)).getOrDefault(all, 0L);
            while (consumer.position(all) < end) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    found.put(record.offset(), new String(record.key(), StandardCharsets.UTF_8));
                }
            }
        }
        return found;
    }

    /** Waits until these offsets of a partition are gone, writing what makes the broker look at it again. */
    public void awaitCompaction(int partition, Collection<Long> offsets) {
        until("compaction", () -> {
            put(partition, System.currentTimeMillis(), bytes("filler"), bytes("words"));
            var left = records(partition).keySet();
            return offsets.stream().noneMatch(left::contains);
        });
    }

    /** Waits for a condition. */
    public static void until(String what, BooleanSupplier condition) {
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("in vain waited for: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
    }

    private RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
        return get(producer.send(record));
    }

    private static void await(Future<?> future) {
        var unused = get(future);
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
