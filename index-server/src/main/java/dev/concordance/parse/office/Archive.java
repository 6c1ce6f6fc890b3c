package dev.concordance.parse.office;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** A ZIP archive in memory. What is unpacked of it is bounded in all; archives within it stay packed. */
final class Archive implements AutoCloseable {
    private static final long MOST_UNPACKED = 512L << 20;
    private static final int LARGEST_AT_ONCE = 16 << 20;

    private final ZipFile zip;
    private long unpacked;

    private Archive(ZipFile zip) {
        this.zip = zip;
    }

    static Archive open(byte[] bytes) throws IOException {
        return new Archive(ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(bytes))
                .get());
    }

    boolean has(String name) {
        return zip.getEntry(name) != null;
    }

    /** What is packed under this name; an IOException if there is nothing, or it is broken, or too much. */
    InputStream open(String name) throws IOException {
        var entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException("a part is missing");
        }
        return new Counted(zip.getInputStream(entry));
    }

    byte[] bytes(String name) throws IOException {
        try (var in = open(name)) {
            var bytes = in.readNBytes(LARGEST_AT_ONCE + 1);
            if (bytes.length > LARGEST_AT_ONCE) {
                unpacked = MOST_UNPACKED + 1;
                throw new IOException("a part is too large");
            }
            return bytes;
        }
    }

    String text(String name) throws IOException {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    /** Whether it has been read so far that it is refused. */
    boolean isTooLarge() {
        return unpacked > MOST_UNPACKED;
    }

    /** The part that a part means by a relative or absolute target; it never leaves the archive. */
    static String resolve(String part, String target) {
        var folder = part.substring(0, part.lastIndexOf('/') + 1);
        var path = target.startsWith("/") ? target : "/" + folder + target;
        return Path.of(path).normalize().toString().substring(1);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            var count = super.read(into, offset, length);
            unpacked += Math.max(0, count);
            if (isTooLarge()) {
                throw new IOException("it unpacks to too much");
            }
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            return read(new byte[(int) Math.min(count, 8_192)]);
        }
    }
}
