package dev.concordance.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sequences of one run. What they keep in files goes with it. For one thread. */
public final class Spools implements AutoCloseable {
    private static final int IN_MEMORY = 10_000;

    private final Path workspace;
    private final int inMemory;
    private @Nullable Path folder;
    private int files;

    private Spools(Path workspace, int inMemory) {
        this.workspace = workspace;
        this.inMemory = inMemory;
    }

    /** Sequences whose files are below {@code workspace}. */
    public static Spools in(Path workspace) {
        return in(workspace, IN_MEMORY);
    }

    /** @param inMemory elements of a sequence that memory takes */
    static Spools in(Path workspace, int inMemory) {
        return new Spools(workspace, inMemory);
    }

    /** Takes elements in the order in which they are wanted. */
    public <T> Spool<T> spool(Codec<T> codec) {
        return new Spool<>(this, codec, inMemory);
    }

    /** The same for elements of any size, of which memory holds none. */
    public <T> Spool<T> onDisk(Codec<T> codec) {
        return new Spool<>(this, codec, 0);
    }

    /** Takes pieces of bytes that are read in any order. */
    public ByteSpool bytes(long most) {
        try {
            return new ByteSpool(newFile(), most);
        } catch (IOException e) {
            throw new SpoolException(e);
        }
    }

    /** Takes elements in any order. */
    public <T> Sorter<T> sorter(Codec<T> codec, Comparator<? super T> order) {
        return new Sorter<>(this, codec, order);
    }

    @Override
    public void close() {
        if (folder == null) {
            return;
        }
        try (var all = Files.list(folder)) {
            for (var file : all.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new SpoolException(e);
        }
    }

    int inMemory() {
        return inMemory;
    }

    /** The path of a file that isn't there yet, and goes with the run. */
    public Path newFile() throws IOException {
        if (folder == null) {
            folder = Files.createTempDirectory(Files.createDirectories(workspace), "spool-");
        }
        files++;
        return folder.resolve(String.valueOf(files));
    }

    <T> Sequence<T> write(List<T> elements, Codec<T> codec) {
        try (var spool = onDisk(codec)) {
            elements.forEach(spool::add);
            return spool.end();
        }
    }
}
