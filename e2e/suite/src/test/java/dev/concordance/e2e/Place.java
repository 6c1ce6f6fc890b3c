package dev.concordance.e2e;

import dev.concordance.manifest.SourceManifest;
import java.nio.file.Path;
import java.util.Map;

/** A place that documents come from, of a kind that a Corpus can declare. */
interface Place extends AutoCloseable {
    /** What is written into the source's declaration, such as {@code configMap: {name: faq}}. */
    String declaration();

    /** The same for a run without an operator. */
    SourceManifest.Location location();

    /** Folders that {@link #location()} calls by name. */
    Map<String, Path> mounts();

    /** Whether a change is indexed without that a run is asked for. */
    boolean isWatched();

    /** Is called once a corpus declares it. */
    default void declared() {}

    void write(String path, String text);

    void remove(String path);

    /** Makes it unreadable. */
    void fail();

    /** Makes it as it was. */
    void recover();

    @Override
    void close();
}
