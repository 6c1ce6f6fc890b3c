package dev.concordance.source.kafka;

import dev.concordance.source.kafka.Position.Partition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * A topic as its brokers describe it.
 *
 * @param tombstonesKept for how long after it was written a record without a value can be read at least
 * @param losesRecords whether the last record of a key goes when it is old
 * @param starts offset of the first record of each partition
 */
record Topic(String name, String id, Duration tombstonesKept, boolean losesRecords, Map<Integer, Long> starts) {
    private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);
    private static final Duration LEAST_MARGIN = Duration.ofMinutes(1);
    private static final int MARGIN_DIVISOR = 10;
    private static final String UNLIMITED = "-1";
    private static final ListOffsetsOptions COMMITTED = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);

    static Topic describe(Admin admin, String name) {
        var description =
                await(admin.describeTopics(List.of(name)).allTopicNames()).get(name);
        if (description == null || description.topicId().equals(Uuid.ZERO_UUID)) {
            throw new UnsupportedVersionException("they give topics no ids");
        }
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        var config = await(admin.describeConfigs(List.of(resource)).all()).get(resource);
        var compacts = is(config, TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        var deletes = is(config, TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE)
                && !(UNLIMITED.equals(value(config, TopicConfig.RETENTION_MS_CONFIG))
                        && UNLIMITED.equals(value(config, TopicConfig.RETENTION_BYTES_CONFIG)));
        var kept = compacts
                ? Duration.ofMillis(Long.parseLong(value(config, TopicConfig.DELETE_RETENTION_MS_CONFIG)))
                : FOREVER;
        var partitions = description.partitions().stream()
                .map(partition -> new TopicPartition(name, partition.partition()))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.earliest()));
        var starts = new TreeMap<Integer, Long>();
        await(admin.listOffsets(partitions).all())
                .forEach((partition, info) -> starts.put(partition.partition(), info.offset()));
        return new Topic(name, description.topicId().toString(), kept, deletes && !compacts, starts);
    }

    /** How far its partitions go now, up to the first transaction that has not ended. */
    SortedMap<Integer, Partition> ends(Admin admin) {
        var asked = starts.keySet().stream()
                .collect(Collectors.toMap(number -> new TopicPartition(name, number), number -> OffsetSpec.latest()));
        var ends = new TreeMap<Integer, Partition>();
        await(admin.listOffsets(asked, COMMITTED).all())
                .forEach((partition, info) -> ends.put(partition.partition(), end(partition.partition(), info)));
        return ends;
    }

    private Partition end(int partition, ListOffsetsResultInfo info) {
        return new Partition(
                starts.getOrDefault(partition, 0L),
                info.offset(),
                info.leaderEpoch().orElse(null));
    }

    /**
     * Whether everything that has happened to its records since then can still be read: it is the same topic, nothing was
     * removed from it but by compaction, and no tombstone is so old that compaction may have removed it.
     */
    boolean goesOnFrom(Position position, Instant now) {
        var age = Duration.between(position.readAt(), now);
        return id.equals(position.topic())
                && age.compareTo(tombstonesKept.minus(margin())) < 0
                && age.compareTo(LEAST_MARGIN.negated()) > 0
                && position.partitions().entrySet().stream()
                        .allMatch(
                                entry -> Long.valueOf(entry.getValue().start()).equals(starts.get(entry.getKey())));
    }

    /** Whether a tombstone that was written at one moment can still be read at the other. */
    boolean keepsTombstones(Instant written, Instant now) {
        return Duration.between(written, now).compareTo(tombstonesKept) < 0;
    }

    /** For clocks that differ, and for the time that reading takes. */
    private Duration margin() {
        var part = tombstonesKept.dividedBy(MARGIN_DIVISOR);
        return part.compareTo(LEAST_MARGIN) > 0 ? part : LEAST_MARGIN;
    }

    private static boolean is(@Nullable Config config, String name, String policy) {
        return List.of(value(config, name).split(" *, *", -1)).contains(policy);
    }

    private static String value(@Nullable Config config, String name) {
        var entry = config == null ? null : config.get(name);
        if (entry == null || entry.value() == null) {
            throw new UnsupportedVersionException("they don't tell the topic's " + name);
        }
        return entry.value();
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new KafkaException(e.getCause());
        }
    }
}
