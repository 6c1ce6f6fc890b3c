package dev.concordance.source;

import dev.concordance.manifest.QuarantineReason;
import dev.concordance.spool.Codec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Keeps entries in files. */
public final class EntryCodec implements Codec<Entry> {
    private static final byte FILE = 0;
    private static final byte LINE = 1;
    private static final byte UNREADABLE = 2;
    private static final byte ROW = 3;
    private static final byte PAGE = 4;
    private static final byte GONE = 5;
    private static final long UNKNOWN = -1;

    @Override
    public void write(Entry entry, DataOutput out) throws IOException {
        Codec.writeString(entry.id(), out);
        Codec.writeString(entry.changeKey(), out);
        switch (entry) {
            case Entry.File file -> {
                out.writeByte(FILE);
                out.writeLong(file.size().orElse(UNKNOWN));
                Codec.writeInstant(file.changedAt(), out);
            }
            case Entry.Row row -> {
                out.writeByte(ROW);
                out.writeLong(row.length());
                Codec.writeInstant(row.changedAt(), out);
            }
            case Entry.Page page -> {
                out.writeByte(PAGE);
                Codec.writeString(page.name(), out);
                out.writeLong(page.start());
                out.writeInt(page.length());
                Codec.writeInstant(page.changedAt(), out);
            }
            case Entry.Line line -> {
                out.writeByte(LINE);
                Codec.writeString(line.file().toString(), out);
                out.writeLong(line.start());
                out.writeInt(line.length());
                Codec.writeInstant(line.changedAt(), out);
            }
            case Entry.Unreadable unreadable -> {
                out.writeByte(UNREADABLE);
                Codec.writeString(unreadable.reason().name(), out);
                Codec.writeString(unreadable.message(), out);
            }
            case Entry.Gone gone -> out.writeByte(GONE);
        }
    }

    @Override
    public Entry read(DataInput in) throws IOException {
        var id = Codec.readText(in);
        var changeKey = Codec.readText(in);
        return switch (in.readByte()) {
            case FILE -> {
                var size = in.readLong();
                yield new Entry.File(
                        id,
                        changeKey,
                        size == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(size),
                        Codec.readInstant(in));
            }
            case ROW -> new Entry.Row(id, changeKey, in.readLong(), Codec.readInstant(in));
            case PAGE ->
                new Entry.Page(id, changeKey, Codec.readText(in), in.readLong(), in.readInt(), Codec.readInstant(in));
            case GONE -> new Entry.Gone(id);
            case LINE ->
                new Entry.Line(
                        id, changeKey, Path.of(Codec.readText(in)), in.readLong(), in.readInt(), Codec.readInstant(in));
            default ->
                new Entry.Unreadable(id, changeKey, QuarantineReason.valueOf(Codec.readText(in)), Codec.readText(in));
        };
    }
}
