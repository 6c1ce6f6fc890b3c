package dev.concordance.ingest;

import dev.concordance.index.ManifestRecord;
import dev.concordance.index.RecordCodec;
import dev.concordance.spool.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A document to be copied.
 *
 * @param original what the generation knows of it that has it
 * @param before what the one knows of it that gets it; null: nothing
 */
record Copy(ManifestRecord original, @Nullable ManifestRecord before) {
    static final Codec<Copy> CODEC = new Codec<>() {
        private static final RecordCodec RECORDS = new RecordCodec();

        @Override
        public void write(Copy copy, DataOutput out) throws IOException {
            RECORDS.write(copy.original(), out);
            out.writeBoolean(copy.before() != null);
            if (copy.before() != null) {
                RECORDS.write(copy.before(), out);
            }
        }

        @Override
        public Copy read(DataInput in) throws IOException {
            return new Copy(RECORDS.read(in), in.readBoolean() ? RECORDS.read(in) : null);
        }
    };
}
