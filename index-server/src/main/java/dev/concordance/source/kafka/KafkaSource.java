package dev.concordance.source.kafka;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Kafka;
import dev.concordance.source.Before;
import dev.concordance.source.ChangeFeed;
import dev.concordance.source.Collected;
import dev.concordance.source.Content;
import dev.concordance.source.Entry;
import dev.concordance.source.Listing;
import dev.concordance.source.Reading;
import dev.concordance.spool.Spools;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The latest record of each key of a topic. What was read before is gone on from, as long as everything that has happened since
 * can still be read; else the topic is read as a whole.
 */
public final class KafkaSource implements ChangeFeed {
    private static final System.Logger LOG = System.getLogger(KafkaSource.class.getName());
    private static final String WITHOUT_KEY = "records without a key";

    private final SourceManifest source;
    private final Kafka kafka;
    private final @Nullable Path credentials;
    private final Reading reading;
    private final InstantSource clock;
    private final Duration patience;
    private final KafkaFailures failures;

    /** @param credentials folder of the mounted Secret; null: there are none */
    public KafkaSource(
            SourceManifest source, Kafka kafka, @Nullable Path credentials, Reading reading, InstantSource clock) {
        this(source, kafka, credentials, reading, clock, KafkaClients.PATIENCE);
    }

    /** @param patience after so long without an answer the source is unreachable */
    KafkaSource(
            SourceManifest source,
            Kafka kafka,
            @Nullable Path credentials,
            Reading reading,
            InstantSource clock,
            Duration patience) {
        this.patience = patience;
        this.source = source;
        this.kafka = kafka;
        this.credentials = credentials;
        this.reading = reading;
        this.clock = clock;
        this.failures = new KafkaFailures(source.name(), kafka);
    }

    @Override
    public Listing list(Spools spools, Before before) {
        try (var clients = KafkaClients.open(source.name(), kafka, credentials, patience)) {
            var topic = Topic.describe(clients.admin(), kafka.topic());
            requireLasting(topic);
            var reader = new TopicReader(topic, clients, clock, failures, before.stop());
            var listing = Position.parse(before.position())
                    .filter(former -> former.settings().equals(settings()) && topic.goesOnFrom(former, clock.instant()))
                    .flatMap(former -> changes(former, reader, topic, spools))
                    .orElseGet(() -> whole(reader, topic, spools));
            LOG.log(
                    System.Logger.Level.INFO,
                    "read source=%s topic=%s extent=%s entries=%d"
                            .formatted(
                                    source.name(),
                                    kafka.topic(),
                                    listing.extent(),
                                    listing.entries().size()));
            return listing;
        } catch (KafkaException e) {
            throw failures.explained(e);
        }
    }

    /** What has changed since then; nothing if some of it can't be told any more. */
    private Optional<Listing> changes(Position former, TopicReader reader, Topic topic, Spools spools) {
        try (var records = new LatestRecords(spools, reading.maxBytes())) {
            var position = reader.read(former.partitions(), records);
            if (!topic.keepsTombstones(former.readAt(), clock.instant())) {
                return Optional.empty();
            }
            var collected = new Collected(source, reading, spools);
            records.forEach(entry -> collected.add(entry, entry.id()));
            refuseThoseWithoutKey(records, collected);
            return Optional.of(collected.changes(text(position)));
        } catch (OffsetOutOfRangeException e) {
            return Optional.empty();
        }
    }

    private Listing whole(TopicReader reader, Topic topic, Spools spools) {
        var begun = clock.instant();
        try (var records = new LatestRecords(spools, reading.maxBytes())) {
            var position = reader.read(Collections.emptySortedMap(), records);
            if (!topic.keepsTombstones(begun, clock.instant())) {
                throw failures.failure(
                        FailureReason.SourceUnreachable,
                        "to read the topic %s took %s, longer than it keeps deletions: raise its delete.retention.ms"
                                .formatted(kafka.topic(), Duration.between(begun, clock.instant())),
                        null);
            }
            var collected = new Collected(source, reading, spools);
            records.forEach(entry -> {
                if (!(entry instanceof Entry.Gone)) {
                    collected.add(entry, entry.id());
                }
            });
            refuseThoseWithoutKey(records, collected);
            return collected.listing(text(position));
        }
    }

    private static void refuseThoseWithoutKey(LatestRecords records, Collected collected) {
        var told = records.withoutKey();
        if (told != null) {
            collected.refuse(WITHOUT_KEY, told, QuarantineReason.MissingId, told);
        }
    }

    /** A document that nobody deleted would go with its age, and nobody could tell the one from the other. */
    private void requireLasting(Topic topic) {
        if (topic.losesRecords()) {
            throw failures.failure(
                    FailureReason.SourceInvalid,
                    "the topic %s loses records when they are old, whatever they say: set its cleanup.policy=compact, or keep all by retention.ms=-1 and retention.bytes=-1"
                            .formatted(kafka.topic()),
                    null);
        }
    }

    private String text(TopicReader.Reached reached) {
        return new Position(reached.topic(), settings(), reached.at(), reached.partitions()).text();
    }

    private String settings() {
        return source.settingsDigest() + "/" + reading.maxBytes();
    }

    /** Values were kept when they were listed. */
    @Override
    public void fetch(Iterator<Entry> entries) {}

    @Override
    public Content content(Entry.Stored entry) {
        throw new IllegalArgumentException(entry.id() + " is no record");
    }

    @Override
    public void close() {}
}
