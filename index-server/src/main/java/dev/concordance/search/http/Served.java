package dev.concordance.search.http;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.endpoint.Problem;
import dev.concordance.endpoint.Tokens;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.search.Models;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is served at the moment: the routing table with its tokens, models and connections, all read again when their files
 * change, without a restart and without a request that sees half of a change.
 */
public final class Served implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Served.class.getName());
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration LONG_LOAD = Duration.ofMinutes(1);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration RETRY_LATEST = Duration.ofMinutes(1);

    /** One consistent state. */
    record State(RoutingTable routing, Tokens tokens, Semaphore slots) {}

    private final RoutingFile file;
    private final Function<String, Path> mounts;
    private final Models models;
    private final Connections connections;
    private final SearchRecords records;
    private final ScheduledExecutorService watch = thread("routing");
    private final ScheduledExecutorService loading = thread("models");
    private volatile @Nullable State state;
    private volatile @Nullable String problem;
    private volatile boolean loaded;
    private final long begun = System.nanoTime();
    private volatile long lookedAt = begun;
    private long latestLoad;

    /** @param file the routing table */
    public Served(
            Path file, Function<String, Path> mounts, Models models, Connections connections, SearchRecords records) {
        this.file = new RoutingFile(file);
        this.mounts = mounts;
        this.models = models;
        this.connections = connections;
        this.records = records;
    }

    /** Reads the routing table now and again every second. */
    public void begin() {
        var unused = watch.scheduleWithFixedDelay(this::look, 0, LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        connections.begin();
    }

    /**
     * Whether searches can be answered as they are meant to be: a routing table was read, and each of its models has been
     * loaded, could not be, or takes long, in which case words are searched meanwhile. That Elasticsearch can't be reached
     * does not count: it would take all servers out at once, and a refused connection tells less than a 503.
     */
    public boolean isReady() {
        return state != null && (loaded || System.nanoTime() - begun > LONG_LOAD.toNanos());
    }

    /** How long ago the routing table was looked at; long: the thread that does it is dead. */
    public Duration sinceLook() {
        return Duration.ofNanos(System.nanoTime() - lookedAt);
    }

    /** Why the present routing table is not the one that is served; null: it is. */
    public @Nullable String problem() {
        return problem;
    }

    /** Names of tokens without a value. */
    public List<String> tokensWithoutValue() {
        var now = state;
        return now == null ? List.of() : now.tokens().unreadable();
    }

    /** How many corpora are served. */
    public int corpora() {
        var now = state;
        return now == null ? 0 : now.routing().routes().size();
    }

    /** How many searches are under way. */
    public int searches() {
        var now = state;
        return now == null
                ? 0
                : now.routing().limits().maxConcurrent() - now.slots().availablePermits();
    }

    /** How many searches may be under way at a time. */
    public int limit() {
        var now = state;
        return now == null ? 0 : now.routing().limits().maxConcurrent();
    }

    /** Throws {@link Problem} while nothing is loaded. */
    State state() {
        var now = state;
        if (now == null) {
            throw Problem.unavailable("the server is starting");
        }
        return now;
    }

    ElasticsearchConnection connection(ElasticsearchAccess access) {
        return connections.to(access);
    }

    @Override
    public void close() {
        watch.shutdownNow();
        loading.shutdownNow();
        connections.close();
        models.close();
    }

    private void look() {
        lookedAt = System.nanoTime();
        try {
            file.change().ifPresentOrElse(this::change, this::readTokens);
        } catch (RoutingFile.Broken e) {
            if (!String.valueOf(e.getMessage()).equals(problem)) {
                LOG.log(System.Logger.Level.ERROR, "routing not loaded, what was served stays: {0}", e.getMessage());
            }
            problem = e.getMessage();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "routing not loaded, what was served stays", e);
        }
    }

    private void change(RoutingTable routing) {
        var before = state;
        var most = routing.limits().maxConcurrent();
        var slots = before == null || before.routing().limits().maxConcurrent() != most
                ? new Semaphore(most)
                : before.slots();
        connections.keep(routing.routes());
        state = new State(routing, Tokens.read(routing.anonymous(), routing.tokens(), mounts), slots);
        problem = null;
        records.keep(routing.routes());
        var wanted = new LinkedHashMap<String, EmbeddingModelManifest>();
        routing.routes().forEach(route -> route.models().forEach(model -> wanted.putIfAbsent(model.digest(), model)));
        load(++latestLoad, wanted.values(), RETRY_AFTER);
        LOG.log(
                System.Logger.Level.INFO,
                "routing loaded corpora={0} tokens={1}",
                routing.routes().size(),
                routing.tokens().size());
    }

    /** Secrets change without the table. */
    private void readTokens() {
        var before = state;
        if (before != null) {
            var tokens =
                    Tokens.read(before.routing().anonymous(), before.routing().tokens(), mounts);
            if (!tokens.unreadable().equals(before.tokens().unreadable())) {
                LOG.log(System.Logger.Level.WARNING, "tokens without a value names={0}", tokens.unreadable());
            }
            state = new State(before.routing(), tokens, before.slots());
        }
    }

    /** On a thread of its own, since a model may have to be fetched; again, ever later, while one can't be loaded. */
    private void load(long number, Collection<EmbeddingModelManifest> wanted, Duration retryAfter) {
        var all = List.copyOf(wanted);
        loading.execute(() -> {
            if (!isLoaded(all)) {
                var next = retryAfter.multipliedBy(2);
                var unused = watch.schedule(
                        () -> {
                            if (number == latestLoad) {
                                load(number, all, next.compareTo(RETRY_LATEST) > 0 ? RETRY_LATEST : next);
                            }
                        },
                        retryAfter.toMillis(),
                        TimeUnit.MILLISECONDS);
            }
        });
    }

    private boolean isLoaded(List<EmbeddingModelManifest> wanted) {
        try {
            return models.keep(wanted);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "models not loaded", e);
            return false;
        } finally {
            loaded = true;
        }
    }

    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }
}
