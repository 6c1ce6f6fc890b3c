package dev.concordance.ingest;

import dev.concordance.index.DocumentChange;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.RecordCodec;
import dev.concordance.spool.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;

/** A document that is searchable, and whose present content is not: it can't be read any more, or holds no words. */
record Loss(ManifestRecord before, ManifestRecord after) {
    /** That of records. */
    static final Comparator<Loss> ORDER = Comparator.comparing(Loss::before, ManifestRecord.ORDER);

    static final Codec<Loss> CODEC = new Codec<>() {
        private static final RecordCodec RECORDS = new RecordCodec();

        @Override
        public void write(Loss loss, DataOutput out) throws IOException {
            RECORDS.write(loss.before(), out);
            RECORDS.write(loss.after(), out);
        }

        @Override
        public Loss read(DataInput in) throws IOException {
            return new Loss(RECORDS.read(in), RECORDS.read(in));
        }
    };

    DocumentChange change() {
        return new DocumentChange(before.key(), before, after, List.of(), null);
    }
}
