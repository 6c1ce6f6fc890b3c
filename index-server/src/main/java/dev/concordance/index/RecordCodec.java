package dev.concordance.index;

import dev.concordance.index.ManifestRecord.Access;
import dev.concordance.index.ManifestRecord.State;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.spool.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Keeps manifest records in files. */
public final class RecordCodec implements Codec<ManifestRecord> {
    @Override
    public void write(ManifestRecord record, DataOutput out) throws IOException {
        Codec.writeString(record.source(), out);
        Codec.writeString(record.documentId(), out);
        Codec.writeString(record.changeKey(), out);
        Codec.writeString(record.contentHash(), out);
        Codec.writeString(record.metadataHash(), out);
        out.writeLong(record.version());
        out.writeInt(record.chunks());
        out.writeLong(record.tokens());
        Codec.writeString(record.chunksHash(), out);
        out.writeInt(record.pendingEmbeddings());
        Codec.writeString(record.state().name(), out);
        Codec.writeString(record.reason() == null ? null : record.reason().name(), out);
        Codec.writeString(record.message(), out);
        Codec.writeString(record.withheld(), out);
        Codec.writeString(record.access() == null ? null : record.access().digest(), out);
        Codec.writeString(record.access() == null ? null : record.access().problem(), out);
    }

    @Override
    public ManifestRecord read(DataInput in) throws IOException {
        return new ManifestRecord(
                Codec.readText(in),
                Codec.readText(in),
                Codec.readText(in),
                Codec.readText(in),
                Codec.readText(in),
                in.readLong(),
                in.readInt(),
                in.readLong(),
                Codec.readString(in),
                in.readInt(),
                State.valueOf(Codec.readText(in)),
                reason(Codec.readString(in)),
                Codec.readString(in),
                Codec.readString(in),
                access(Codec.readString(in), Codec.readString(in)));
    }

    private static @Nullable Access access(@Nullable String digest, @Nullable String problem) {
        return digest == null ? null : new Access(digest, problem);
    }

    private static @Nullable QuarantineReason reason(@Nullable String name) {
        return name == null ? null : QuarantineReason.valueOf(name);
    }
}
