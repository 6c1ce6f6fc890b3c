package dev.concordance.spool;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How one kind of element is kept in a file. A codec reads what it wrote; files don't outlive the process. */
public interface Codec<T> {
    void write(T element, DataOutput out) throws IOException;

    T read(DataInput in) throws IOException;

    /** Writes a string of any length, or null. */
    static void writeString(@Nullable String value, DataOutput out) throws IOException {
        if (value == null) {
            out.writeInt(-1);
            return;
        }
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Reads what {@link #writeString} wrote. */
    static @Nullable String readString(DataInput in) throws IOException {
        var length = in.readInt();
        if (length < 0) {
            return null;
        }
        var bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Reads what {@link #writeString} wrote of a string that wasn't null. */
    static String readText(DataInput in) throws IOException {
        var value = readString(in);
        if (value == null) {
            throw new IOException("a string is missing");
        }
        return value;
    }

    /** Writes an instant, or null. */
    static void writeInstant(@Nullable Instant value, DataOutput out) throws IOException {
        out.writeBoolean(value != null);
        if (value != null) {
            out.writeLong(value.getEpochSecond());
            out.writeInt(value.getNano());
        }
    }

    /** Reads what {@link #writeInstant} wrote. */
    static @Nullable Instant readInstant(DataInput in) throws IOException {
        return in.readBoolean() ? Instant.ofEpochSecond(in.readLong(), in.readInt()) : null;
    }
}
