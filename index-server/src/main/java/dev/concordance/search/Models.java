package dev.concordance.search;

import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.EmbeddingModelManifest;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The models that are loaded, each once, by digest; corpora with the same one share it. */
public final class Models implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Models.class.getName());

    private final Function<EmbeddingModelManifest, Embedder> loader;
    private final Map<String, Embedder> loaded = new ConcurrentHashMap<>();
    private volatile boolean failed;

    public Models(Function<EmbeddingModelManifest, Embedder> loader) {
        this.loader = loader;
    }

    /** Loads what isn't loaded yet and lets go of what isn't wanted any more. One that fails is tried again next time. */
    public synchronized void keep(Collection<EmbeddingModelManifest> wanted) {
        var digests = wanted.stream().map(EmbeddingModelManifest::digest).collect(Collectors.toSet());
        failed = false;
        for (var model : wanted) {
            if (!loaded.containsKey(model.digest())) {
                load(model);
            }
        }
        for (var digest : Set.copyOf(loaded.keySet())) {
            if (!digests.contains(digest)) {
                // Searches under way may still use it, so the memory is left to the collector of the session's wrapper.
                loaded.remove(digest);
            }
        }
    }

    /** The model with this digest, if it is loaded. */
    @Nullable
    Embedder withDigest(String digest) {
        return loaded.get(digest);
    }

    /** Whether a wanted model could not be loaded. */
    public boolean hasFailed() {
        return failed;
    }

    @Override
    public void close() {
        loaded.values().forEach(Embedder::close);
        loaded.clear();
    }

    private void load(EmbeddingModelManifest model) {
        try {
            var begin = System.nanoTime();
            loaded.put(model.digest(), loader.apply(model));
            LOG.log(
                    System.Logger.Level.INFO,
                    "model loaded digest={0} ms={1}",
                    model.digest(),
                    (System.nanoTime() - begin) / 1_000_000);
        } catch (RuntimeException e) {
            failed = true;
            LOG.log(System.Logger.Level.ERROR, "model not loaded digest={0}: {1}", model.digest(), e.getMessage());
        }
    }
}
