package dev.concordance.ingest;

import dev.concordance.index.DocumentKey;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.RecordCodec;
import dev.concordance.source.Entry;
import dev.concordance.source.EntryCodec;
import dev.concordance.spool.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A document to be read.
 *
 * @param source name of its source
 * @param before what the manifest knows of it; null: nothing
 * @param changeKey the entry's, with the source's settings
 * @param redone whether it is written anew even if it turns out to be as it was
 */
record Work(String source, Entry entry, @Nullable ManifestRecord before, String changeKey, boolean redone) {
    static final Codec<Work> CODEC = new Codec<>() {
        private static final EntryCodec ENTRIES = new EntryCodec();
        private static final RecordCodec RECORDS = new RecordCodec();

        @Override
        public void write(Work work, DataOutput out) throws IOException {
            Codec.writeString(work.source(), out);
            ENTRIES.write(work.entry(), out);
            out.writeBoolean(work.before() != null);
            if (work.before() != null) {
                RECORDS.write(work.before(), out);
            }
            Codec.writeString(work.changeKey(), out);
            out.writeBoolean(work.redone());
        }

        @Override
        public Work read(DataInput in) throws IOException {
            return new Work(
                    Codec.readText(in),
                    ENTRIES.read(in),
                    in.readBoolean() ? RECORDS.read(in) : null,
                    Codec.readText(in),
                    in.readBoolean());
        }
    };

    /** The same, of which something else was read than what was listed: no listing has its change key, so that the next run reads it again. */
    Work unlisted() {
        return new Work(source, entry, before, ManifestRecord.UNLISTED + changeKey, redone);
    }

    /** Whether it is about what was listed, and not about what was read in its place. */
    boolean isListed() {
        return !changeKey.startsWith(ManifestRecord.UNLISTED);
    }

    String key() {
        return DocumentKey.of(source, entry.id());
    }
}
