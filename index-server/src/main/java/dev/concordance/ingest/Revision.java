package dev.concordance.ingest;

import dev.concordance.index.DocumentChange;
import dev.concordance.index.ManifestRecord;
import dev.concordance.index.RecordCodec;
import dev.concordance.spool.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.Objects;

/**
 * A record as it was written last.
 *
 * @param gone whether it was deleted
 */
record Revision(ManifestRecord record, boolean gone) {
    /** That of records. */
    static final Comparator<Revision> ORDER = Comparator.comparing(Revision::record, ManifestRecord.ORDER);

    static final Codec<Revision> CODEC = new Codec<>() {
        private final RecordCodec records = new RecordCodec();

        @Override
        public void write(Revision revision, DataOutput out) throws IOException {
            records.write(revision.record(), out);
            out.writeBoolean(revision.gone());
        }

        @Override
        public Revision read(DataInput in) throws IOException {
            return new Revision(records.read(in), in.readBoolean());
        }
    };

    static Revision of(DocumentChange change) {
        return change.after() == null
                ? new Revision(Objects.requireNonNull(change.before()), true)
                : new Revision(change.after(), false);
    }
}
