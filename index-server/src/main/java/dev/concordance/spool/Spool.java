package dev.concordance.spool;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes elements one after the other, and goes to a file when they become many. For one thread. */
public final class Spool<T> implements AutoCloseable {
    private final Spools spools;
    private final Codec<T> codec;
    private final int most;
    private final List<T> inMemory = new ArrayList<>();
    private long size;
    private @Nullable File file;

    private record File(Path path, DataOutputStream out) {}

    /** @param most elements that memory takes */
    Spool(Spools spools, Codec<T> codec, int most) {
        this.spools = spools;
        this.codec = codec;
        this.most = most;
    }

    /** Appends an element. */
    public void add(T element) {
        size++;
        if (file == null && inMemory.size() < most) {
            inMemory.add(element);
            return;
        }
        try {
            codec.write(element, file().out());
        } catch (IOException e) {
            throw new SpoolException(e);
        }
    }

    /** What was taken; nothing can be added any more. */
    public Sequence<T> end() {
        close();
        return file == null
                ? new Sequence<>(size, List.copyOf(inMemory), null, codec)
                : new Sequence<>(size, List.of(), file.path(), codec);
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.out().close();
            } catch (IOException e) {
                throw new SpoolException(e);
            }
        }
    }

    /** Opened with what memory held until now. */
    private File file() throws IOException {
        var opened = file;
        if (opened == null) {
            var path = spools.newFile();
            opened = new File(
                    path, new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(path), 1 << 16)));
            file = opened;
            for (var element : inMemory) {
                codec.write(element, opened.out());
            }
            inMemory.clear();
        }
        return opened;
    }
}
