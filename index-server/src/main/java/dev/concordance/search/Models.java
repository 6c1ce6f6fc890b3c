package dev.concordance.search;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelException;
import dev.concordance.embedding.RefusedText;
import dev.concordance.embedding.Role;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.search.SearchException.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
 * The models that are wanted, each loaded once, by digest: corpora with the same one share it, whatever each of them puts before
 * queries. Texts go through those that
 * compute on as many threads as there are cores, and through those that are asked elsewhere on threads that may wait.
 */
public final class Models implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Models.class.getName());

    private final Function<EmbeddingModelManifest, Embedder> loader;
    private final Map<String, LoadedModel> loaded = new ConcurrentHashMap<>();
    private final Map<String, String> problems = new ConcurrentHashMap<>();
    private final ExecutorService computing;
    private final ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();

    public Models(Function<EmbeddingModelManifest, Embedder> loader) {
        this.loader = loader;
        this.computing = Executors.newFixedThreadPool(
                Runtime.getRuntime().availableProcessors(),
                Thread.ofPlatform().daemon().name("embed-", 0).factory());
    }

    /**
     * Loads what isn't loaded yet and lets go of what isn't wanted any more; blocks while it loads.
     *
     * @return whether all are loaded; if not, calling again tries again
     */
    public synchronized boolean keep(Collection<EmbeddingModelManifest> models) {
        var wanted = models.stream().map(EmbeddingModelManifest::digest).collect(Collectors.toUnmodifiableSet());
        problems.keySet().retainAll(wanted);
        for (var digest : List.copyOf(loaded.keySet())) {
            var model = wanted.contains(digest) ? null : loaded.remove(digest);
            if (model != null) {
                model.retire();
                LOG.log(System.Logger.Level.INFO, "model dropped digest={0}", digest);
            }
        }
        for (var declared : models) {
            var model = declared.withQueryPrefix("");
            var known = loaded.get(model.digest());
            if (known == null || hasMoved(known.embedder().manifest(), model)) {
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

    /**
     * The vector of a query's text, which begins with what is to be put before it.
     *
     * @return null: the model isn't loaded, or gives none in the time that it has
     */
    float @Nullable [] embed(String digest, String text, Duration deadline) {
        var model = loaded.get(digest);
        if (model == null || !model.borrow()) {
            return null;
        }
        var remote = model.embedder().manifest() instanceof RemoteModel;
        var vector = (remote ? waiting : computing).submit(() -> {
            try {
                return model.embedder().embed(Role.QUERY, text);
            } finally {
                model.giveBack();
            }
        });
        // What is left of the time is for the search by words that is made instead.
        var patience = remote ? deadline.dividedBy(2) : deadline;
        try {
            return vector.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (remote) {
                return null;
            }
            throw new SearchException(Kind.TIMED_OUT, "the query was not embedded in time: the server is overloaded");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SearchException(Kind.UNAVAILABLE, "the server is stopping");
        } catch (ExecutionException e) {
            log(digest, e.getCause());
            return null;
        }
    }

    /** That a remote model doesn't answer is told by each search's answer and by metrics. */
    private static void log(String digest, @Nullable Throwable failure) {
        var foreseen = failure instanceof ModelException || failure instanceof RefusedText;
        LOG.log(
                foreseen ? System.Logger.Level.DEBUG : System.Logger.Level.ERROR,
                "query not embedded digest=" + digest,
                failure);
    }

    /** Whether the model is the same and asked in another way. */
    private static boolean hasMoved(EmbeddingModelManifest known, EmbeddingModelManifest wanted) {
        return wanted instanceof RemoteModel && !wanted.equals(known);
    }

    @Override
    public void close() {
        computing.shutdown();
        waiting.shutdownNow();
        loaded.values().forEach(LoadedModel::retire);
        loaded.clear();
    }

    private void load(EmbeddingModelManifest model) {
        var digest = model.digest();
        try {
            var begin = System.nanoTime();
            var former = loaded.put(digest, new LoadedModel(loader.apply(model)));
            if (former != null) {
                former.retire();
            }
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
