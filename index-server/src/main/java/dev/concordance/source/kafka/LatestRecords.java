package dev.concordance.source.kafka;

import dev.concordance.manifest.QuarantineReason;
import dev.concordance.source.Collected;
import dev.concordance.source.Entry;
import dev.concordance.source.EntryCodec;
import dev.concordance.source.Hash;
import dev.concordance.source.OversizedContent;
import dev.concordance.spool.Codec;
import dev.concordance.spool.Cursor;
import dev.concordance.spool.Sorter;
import dev.concordance.spool.SpoolException;
import dev.concordance.spool.Spools;
import java.io.BufferedOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Of all records that are added the latest of each key. Values go to a file, and of the rest memory holds a part only.
 *
 * <p>Records of a key lie in one partition and are compared by their offsets, unless partitions were added to the topic: then an
 * older one may be left in another partition, and the later timestamp is all that tells.
 */
final class LatestRecords implements AutoCloseable {
    private static final EntryCodec ENTRIES = new EntryCodec();

    private final Sorter<Arrival> arrivals;
    private final Path file;
    private final OutputStream values;
    private final long maxBytes;
    private long written;
    private long withoutKey;
    private String lastWithoutKey = "";

    private record Arrival(Entry entry, int partition, long timestamp) {
        boolean isOfKeyOf(Arrival other) {
            return entry.id().equals(other.entry().id());
        }

        static final Codec<Arrival> CODEC = new Codec<>() {
            @Override
            public void write(Arrival arrival, DataOutput out) throws IOException {
                ENTRIES.write(arrival.entry(), out);
                out.writeInt(arrival.partition());
                out.writeLong(arrival.timestamp());
            }

            @Override
            public Arrival read(DataInput in) throws IOException {
                return new Arrival(ENTRIES.read(in), in.readInt(), in.readLong());
            }
        };
    }

    /** @param maxBytes larger values are refused */
    LatestRecords(Spools spools, long maxBytes) {
        this.maxBytes = maxBytes;
        // Of one id they stay in the order in which they came.
        arrivals = spools.sorter(
                Arrival.CODEC, Comparator.comparing(arrival -> arrival.entry().id()));
        try {
            file = spools.newFile();
            values = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
        } catch (IOException e) {
            throw new SpoolException(e);
        }
    }

    /** Takes a record. Those of a partition come one after the other, in the order of their offsets. */
    void add(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        @Nullable ByteBuffer key = record.key();
        if (key == null) {
            withoutKey++;
            lastWithoutKey = "%d-%d".formatted(record.partition(), record.offset());
            return;
        }
        arrivals.add(new Arrival(entry(bytes(key), record), record.partition(), record.timestamp()));
    }

    /** Gives the latest record of each key, in the order of ids; nothing can be added any more. */
    void forEach(Consumer<Entry> each) {
        close();
        try (var sorted = arrivals.sorted()) {
            while (sorted.hasNext()) {
                each.accept(latest(sorted).entry());
            }
        }
    }

    /** Says what there is to say of records without a key; null: there were none. */
    @Nullable
    String withoutKey() {
        return withoutKey == 0
                ? null
                : "%d records have no key, the last of them %s (partition and offset): give each record the id of its document as key"
                        .formatted(withoutKey, lastWithoutKey);
    }

    @Override
    public void close() {
        try {
            values.close();
        } catch (IOException e) {
            throw new SpoolException(e);
        }
    }

    /** Of the next key; its records come partition by partition. */
    private static Arrival latest(Cursor<Arrival> sorted) {
        Arrival elsewhere = null;
        var latest = sorted.next();
        for (var next = sorted.peek(); next != null && next.isOfKeyOf(latest); next = sorted.peek()) {
            if (next.partition() != latest.partition()) {
                elsewhere = later(elsewhere, latest);
            }
            latest = sorted.next();
        }
        return later(elsewhere, latest);
    }

    private static Arrival later(@Nullable Arrival one, Arrival other) {
        return one != null && one.timestamp() > other.timestamp() ? one : other;
    }

    private Entry entry(byte[] key, ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        @Nullable ByteBuffer value = record.value();
        var id = text(key);
        var isId = id != null && Collected.isId(id);
        var name = isId && id != null ? id : "unnamed-" + Hash.of(key);
        if (value == null) {
            return new Entry.Gone(name);
        }
        if (!isId) {
            return new Entry.Unreadable(
                    name,
                    "key",
                    QuarantineReason.BadId,
                    "its key is empty, not UTF-8, longer than 1024 bytes or has characters that no id may have: give it another");
        }
        if (value.remaining() > maxBytes) {
            return new Entry.Unreadable(
                    name,
                    "%d>%d".formatted(value.remaining(), maxBytes),
                    QuarantineReason.TooLarge,
                    new OversizedContent(value.remaining(), maxBytes).explanation());
        }
        return kept(name, bytes(value), changedAt(record));
    }

    /** The time that its producer gave it, or the broker where the topic says so; null: the format is older than times. */
    private static @Nullable Instant changedAt(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        return record.timestamp() == ConsumerRecord.NO_TIMESTAMP ? null : Instant.ofEpochMilli(record.timestamp());
    }

    private Entry kept(String id, byte[] value, @Nullable Instant changedAt) {
        try {
            values.write(value);
        } catch (IOException e) {
            throw new SpoolException(e);
        }
        var start = written;
        written += value.length;
        return new Entry.Line(id, Hash.of(value), file, start, value.length, changedAt);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
