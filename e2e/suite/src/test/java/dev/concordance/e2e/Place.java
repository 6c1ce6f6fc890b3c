package dev.concordance.e2e;

import dev.concordance.localcluster.servers.CuttingProxy;
import dev.concordance.manifest.SourceManifest;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place that documents come from, of a kind that a Corpus can declare. */
interface Place extends AutoCloseable {
    /** What is written into the source's declaration, such as {@code configMap: {name: faq}}. */
    String declaration();

    /** The same for a run without an operator. */
    SourceManifest.Location location();

    /** Folders that {@link #location()} calls by name. */
    Map<String, Path> mounts();

    /** Where a person finds its documents; null: each has a URI of its own. */
    default @Nullable String uriTemplate() {
        return "https://example.org/{path}";
    }

    /** Whether a change is indexed without that a run is asked for. */
    boolean isWatched();

    /** Is called once a corpus declares it. */
    default void declared() {}

    void write(String path, String text);

    void remove(String path);

    /** Gives what has this text another path, in one change where there is such a thing. */
    default void rename(String from, String to, String text) {
        remove(from);
        write(to, text);
    }

    /** Makes it unreadable: where it is read in parts, only from the middle of them on. */
    void fail();

    /** Makes it as it was; throws if nobody has met the failure. */
    void recover();

    /** Throws if nothing was broken off. */
    static void requireMet(CuttingProxy proxy) {
        if (proxy.cuts() == 0) {
            throw new IllegalStateException("no connection has come so far as to be broken");
        }
    }

    @Override
    void close();
}
