package dev.concordance.spool;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Elements that don't change any more, in memory if they are few and else in a file. Can be read any number of times. */
public final class Sequence<T> {
    private static final int BUFFER = 1 << 14;

    private final long size;
    private final List<T> inMemory;
    private final @Nullable Path file;
    private final Codec<T> codec;

    Sequence(long size, List<T> inMemory, @Nullable Path file, Codec<T> codec) {
        this.size = size;
        this.inMemory = inMemory;
        this.file = file;
        this.codec = codec;
    }

    /** How many there are. */
    public long size() {
        return size;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** A new way through all of them. */
    public Cursor<T> open() {
        return file == null ? new InMemory<>(inMemory) : new InFile<>(file, size, codec);
    }

    private static final class InMemory<T> extends Cursor<T> {
        private final List<T> elements;
        private int next;

        InMemory(List<T> elements) {
            this.elements = elements;
        }

        @Override
        @Nullable
        T advance() {
            return next == elements.size() ? null : elements.get(next++);
        }
    }

    private static final class InFile<T> extends Cursor<T> {
        private final DataInputStream in;
        private final Codec<T> codec;
        private long left;

        InFile(Path file, long size, Codec<T> codec) {
            try {
                this.in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
            } catch (IOException e) {
                throw new SpoolException(e);
            }
            this.codec = codec;
            this.left = size;
        }

        @Override
        @Nullable
        T advance() {
            if (left == 0) {
                return null;
            }
            left--;
            try {
                return codec.read(in);
            } catch (IOException e) {
                throw new SpoolException(e);
            }
        }

        @Override
        public void close() {
            try {
                in.close();
            } catch (IOException e) {
                throw new SpoolException(e);
            }
        }
    }
}
