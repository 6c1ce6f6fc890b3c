package dev.concordance.search.http;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.elasticsearch.ElasticsearchException;
import dev.concordance.endpoint.Problem;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.search.SearchException;
import dev.concordance.search.SearchService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The connections to the Elasticsearch clusters of the routes, one each. Every second each cluster is asked where the aliases
 * point to, and more often how fresh those are that are followed, so that no search has to ask.
 */
public final class Connections implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Connections.class.getName());
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration LOOK_AT_ALL = Duration.ofSeconds(1);

    private final Function<String, Path> mounts;
    private final SearchService searches;
    private final Map<ElasticsearchAccess, ElasticsearchConnection> open = new ConcurrentHashMap<>();
    private final Set<ElasticsearchAccess> beingAsked = ConcurrentHashMap.newKeySet();
    private final Map<ElasticsearchAccess, Long> looksAtAll = new ConcurrentHashMap<>();
    private final Map<ElasticsearchAccess, String> problems = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("generations").factory());
    private volatile Map<ElasticsearchAccess, List<String>> aliases = Map.of();

    public Connections(Function<String, Path> mounts, SearchService searches) {
        this.mounts = mounts;
        this.searches = searches;
    }

    void begin() {
        var unused = timer.scheduleWithFixedDelay(
                this::look, LOOK_AGAIN.toMillis(), LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Throws {@link Problem} if the access can't be used, such as for a certificate that is none. */
    ElasticsearchConnection to(ElasticsearchAccess access) {
        try {
            return open.computeIfAbsent(access, a -> ElasticsearchConnection.open(a, mounts, REQUEST_TIMEOUT));
        } catch (ElasticsearchException | IllegalArgumentException e) {
            throw Problem.unavailable("Elasticsearch can't be asked: " + e.getMessage());
        }
    }

    /** Closes the connections that no route has any more, once searches that use them are over. */
    void keep(List<Route> routes) {
        var wanted = new HashMap<ElasticsearchAccess, List<String>>();
        routes.forEach(route -> wanted.computeIfAbsent(route.elasticsearch(), access -> new ArrayList<>())
                .add(route.alias()));
        aliases = Map.copyOf(wanted);
        problems.keySet().retainAll(wanted.keySet());
        looksAtAll.keySet().retainAll(wanted.keySet());
        for (var access : Set.copyOf(open.keySet())) {
            var connection = wanted.containsKey(access) ? null : open.remove(access);
            if (connection != null) {
                var unused = timer.schedule(connection::close, REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        searches.keep(new HashSet<>(open.values()));
    }

    /** Why clusters could not be asked lately. */
    public Set<String> problems() {
        return new TreeSet<>(problems.values());
    }

    @Override
    public void close() {
        timer.shutdownNow();
        open.values().forEach(ElasticsearchConnection::close);
    }

    /** Each cluster on a thread of its own, so that one that doesn't answer holds up no other. */
    private void look() {
        aliases.forEach((access, names) -> {
            if (beingAsked.add(access)) {
                Thread.ofVirtual().name("generations").start(() -> look(access, names));
            }
        });
    }

    private void look(ElasticsearchAccess access, List<String> names) {
        try {
            var now = System.nanoTime();
            var last = looksAtAll.get(access);
            if (last != null && now - last < LOOK_AT_ALL.toNanos()) {
                searches.lookAtFollowed(to(access), names);
                return;
            }
            looksAtAll.put(access, now);
            searches.lookAgain(to(access), names);
            if (problems.remove(access) != null) {
                LOG.log(System.Logger.Level.INFO, "elasticsearch reached urls={0}", access.urls());
            }
        } catch (ElasticsearchException | SearchException | Problem e) {
            if (problems.put(access, String.valueOf(e.getMessage())) == null) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "elasticsearch not reached urls={0}: {1}",
                        access.urls(),
                        e.getMessage());
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "generations not looked at urls=" + access.urls(), e);
        } finally {
            beingAsked.remove(access);
        }
    }
}
