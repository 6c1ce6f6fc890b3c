package dev.concordance.source.kafka;

import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Kafka;
import dev.concordance.source.Watch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Sees records as they are written, and keeps none: what they say is read from where it was read before. Partitions that are added
 * are not seen; they are read when the topic is read again in any case.
 */
public final class TopicWatch implements Watch {
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final SourceManifest source;
    private final Kafka kafka;
    private final @Nullable Path credentials;
    private Optional<Consumer<ByteBuffer, ByteBuffer>> consumer = Optional.empty();

    /** @param credentials folder of the mounted Secret; null: there are none */
    public TopicWatch(SourceManifest source, Kafka kafka, @Nullable Path credentials) {
        this.source = source;
        this.kafka = kafka;
        this.credentials = credentials;
    }

    @Override
    public boolean await(Duration atMost) {
        try {
            if (consumer.isEmpty()) {
                consumer = Optional.of(open());
                // What was written before may not have been read.
                return true;
            }
            var seen = consumer.get().poll(atMost);
            if (seen.isEmpty()) {
                return false;
            }
            toEnd(consumer.get());
            return true;
        } catch (KafkaException e) {
            close();
            throw new KafkaFailures(source.name(), kafka).explained(e);
        }
    }

    private Consumer<ByteBuffer, ByteBuffer> open() {
        var opened = KafkaClients.watching(source.name(), kafka, credentials);
        try {
            var partitions = opened.partitionsFor(kafka.topic(), KafkaClients.PATIENCE).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            opened.assign(partitions);
            toEnd(opened);
            return opened;
        } catch (KafkaException e) {
            close(opened);
            throw e;
        }
    }

    /** Asks where the end is before anybody is told: what is written after that is heard of, and what was before is read. */
    private static void toEnd(Consumer<ByteBuffer, ByteBuffer> opened) {
        var partitions = opened.assignment();
        opened.seekToEnd(partitions);
        partitions.forEach(opened::position);
    }

    @Override
    public void close() {
        consumer.ifPresent(TopicWatch::close);
        consumer = Optional.empty();
    }

    /** Who is told to end is interrupted; a consumer that is closed by such a thread throws, and its connections stay. */
    private static void close(Consumer<ByteBuffer, ByteBuffer> opened) {
        var interrupted = Thread.interrupted();
        try {
            opened.close(CloseOptions.timeout(GRACE));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
