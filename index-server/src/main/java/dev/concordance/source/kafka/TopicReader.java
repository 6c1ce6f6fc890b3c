package dev.concordance.source.kafka;

import dev.concordance.source.kafka.Position.Partition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads a topic up to its end, partition by partition. A record can be removed by compaction before it is read, since a later
 * one of its key was written behind the end that was known. So it is read on to the end that there is then, until that takes
 * less time than any broker needs to compact what was just written.
 */
final class TopicReader {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int MOST_ROUNDS = 50;

    private final Topic topic;
    private final Admin admin;
    private final Consumer<ByteBuffer, ByteBuffer> consumer;
    private final InstantSource clock;
    private final KafkaFailures failures;
    private final Runnable pause;
    private final Duration patience;

    /**
     * Up to where it was read.
     *
     * @param at a moment when it was no longer
     */
    record Reached(String topic, Instant at, SortedMap<Integer, Partition> partitions) {}

    TopicReader(Topic topic, KafkaClients clients, InstantSource clock, KafkaFailures failures, Runnable pause) {
        this.topic = topic;
        this.admin = clients.admin();
        this.consumer = clients.consumer();
        this.clock = clock;
        this.failures = failures;
        this.pause = pause;
        this.patience = clients.patience();
    }

    /**
     * Reads to the end; throws {@link OffsetOutOfRangeException} if what was read last isn't there any more.
     *
     * @param from where to begin; partitions that aren't in it are read from their first record
     */
    Reached read(SortedMap<Integer, Partition> from, LatestRecords records) {
        var known = from;
        for (var round = 0; round < MOST_ROUNDS; round++) {
            var lookedAt = clock.instant();
            var ends = topic.ends(admin);
            for (var end : ends.entrySet()) {
                var start = end.getValue().start();
                var begin = known.getOrDefault(end.getKey(), new Partition(start, start, null));
                read(new TopicPartition(topic.name(), end.getKey()), begin, end.getValue(), records);
            }
            if (Duration.between(lookedAt, clock.instant()).compareTo(SOON) < 0) {
                return new Reached(topic.id(), lookedAt, ends);
            }
            known = ends;
        }
        throw new TimeoutException("records come faster than they can be read");
    }

    private void read(TopicPartition partition, Partition from, Partition to, LatestRecords records) {
        if (from.next() == to.next() && Objects.equals(from.epoch(), to.epoch())) {
            return;
        }
        if (from.next() > to.next()) {
            throw new OffsetOutOfRangeException(Map.of(partition, from.next()));
        }
        consumer.assign(List.of(partition));
        consumer.seek(partition, new OffsetAndMetadata(from.next(), Optional.ofNullable(from.epoch()), ""));
        // Whether the records before it are those that were read is found out here.
        var at = consumer.position(partition);
        var last = clock.instant();
        while (at < to.next()) {
            pause.run();
            for (var record : poll(partition, at)) {
                if (record.offset() < to.next()) {
                    records.add(record);
                }
            }
            var now = consumer.position(partition);
            if (now > at) {
                at = now;
                last = clock.instant();
            } else if (Duration.between(last, clock.instant()).compareTo(patience) > 0) {
                throw new TimeoutException("no records for %d seconds".formatted(patience.toSeconds()));
            }
        }
    }

    private ConsumerRecords<ByteBuffer, ByteBuffer> poll(TopicPartition partition, long at) {
        try {
            return consumer.poll(POLL);
        } catch (ApiException | InvalidOffsetException e) {
            throw e;
        } catch (KafkaException | IllegalArgumentException | OutOfMemoryError e) {
            // A batch that is damaged, or packed in a way that isn't known, or unpacks to more than there is memory
            // for.
            throw failures.unreadable(partition.partition(), at, e);
        }
    }
}
