package dev.concordance.search;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelException;
import dev.concordance.embedding.Role;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.search.SearchException.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The models that are wanted, each loaded once, by digest: corpora with the same one share it. Texts go through them on as
 * many threads as there are cores, since a model computes and never waits.
 */
public final class Models implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Models.class.getName());

    private final Function<EmbeddingModelManifest, Embedder> loader;
    private final Map<String, LoadedModel> loaded = new ConcurrentHashMap<>();
    private final Map<String, String> problems = new ConcurrentHashMap<>();
    private final ExecutorService pool;
    private volatile Set<String> wanted = Set.of();

    public Models(Function<EmbeddingModelManifest, Embedder> loader) {
        this.loader = loader;
        this.pool = Executors.newFixedThreadPool(
                Runtime.getRuntime().availableProcessors(),
                Thread.ofPlatform().daemon().name("embed-", 0).factory());
    }

    /**
     * Loads what isn't loaded yet and lets go of what isn't wanted any more; blocks while it loads.
     *
     * @return whether all are loaded; if not, calling again tries again
     */
    public synchronized boolean keep(Collection<EmbeddingModelManifest> models) {
        wanted = models.stream().map(EmbeddingModelManifest::digest).collect(Collectors.toUnmodifiableSet());
        problems.keySet().retainAll(wanted);
        for (var digest : List.copyOf(loaded.keySet())) {
            var model = wanted.contains(digest) ? null : loaded.remove(digest);
            if (model != null) {
                model.retire();
                LOG.log(System.Logger.Level.INFO, "model dropped digest={0}", digest);
            }
        }
        for (var model : models) {
            if (!loaded.containsKey(model.digest())) {
                load(model);
            }
        }
        return problems.isEmpty();
    }

    /** Why wanted models are not loaded, by digest. */
    public Map<String, String> problems() {
        return new TreeMap<>(problems);
    }

    /** How many models are loaded. */
    public int count() {
        return loaded.size();
    }

    /** Whether a model with this digest is wanted here, loaded or not. */
    boolean wants(String digest) {
        return wanted.contains(digest);
    }

    /**
     * The vector of a query's text.
     *
     * @return null: the model isn't loaded
     */
    float @Nullable [] embed(String digest, String text, Duration deadline) {
        var model = loaded.get(digest);
        if (model == null || !model.borrow()) {
            return null;
        }
        var vector = pool.submit(() -> {
            try {
                return model.embedder().embed(Role.QUERY, text);
            } finally {
                model.giveBack();
            }
        });
        try {
            return vector.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new SearchException(Kind.TIMED_OUT, "the query was not embedded in time: the server is overloaded");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SearchException(Kind.UNAVAILABLE, "the server is stopping");
        } catch (ExecutionException e) {
            LOG.log(System.Logger.Level.ERROR, "model failed digest=" + digest, e.getCause());
            return null;
        }
    }

    @Override
    public void close() {
        pool.shutdown();
        loaded.values().forEach(LoadedModel::retire);
        loaded.clear();
    }

    private void load(EmbeddingModelManifest model) {
        var digest = model.digest();
        try {
            var begin = System.nanoTime();
            loaded.put(digest, new LoadedModel(loader.apply(model)));
            problems.remove(digest);
            var took = Duration.ofNanos(System.nanoTime() - begin).toMillis();
            LOG.log(System.Logger.Level.INFO, "model loaded digest={0} ms={1}", digest, took);
        } catch (ModelException | IllegalArgumentException e) {
            var message = String.valueOf(e.getMessage());
            if (!message.equals(problems.put(digest, message))) {
                LOG.log(System.Logger.Level.ERROR, "model not loaded digest={0}: {1}", digest, message);
            }
        }
    }
}
