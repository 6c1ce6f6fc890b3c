package dev.concordance.search.http;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.embedding.Embedders;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.search.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    /** One consistent state. */
    record State(RoutingTable routing, Tokens tokens, Semaphore slots) {}

    private final Path file;
    private final Function<String, Path> mounts;
    private final Models models;
    private final Map<ElasticsearchAccess, ElasticsearchConnection> connections = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("routing").factory());
    private volatile @Nullable State state;
    private byte[] seen = new byte[0];

    /** @param file the routing table */
    public Served(Path file, Function<String, Path> mounts) {
        this.file = file;
        this.mounts = mounts;
        var files = new ModelFiles(mounts);
        this.models = new Models(model -> Embedders.open(model, files));
    }

    /** Reads the routing table now and again every second. */
    public void begin() {
        var unused = timer.scheduleWithFixedDelay(this::look, 0, LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The loaded models. */
    public Models models() {
        return models;
    }

    /** Whether the routing table was read and every model that it names could be loaded or has failed for good. */
    public boolean isReady() {
        return state != null;
    }

    /** Throws {@link Problem} while nothing is loaded. */
    State state() {
        var now = state;
        if (now == null) {
            throw new Problem(503, "Service Unavailable", "the server is starting");
        }
        return now;
    }

    ElasticsearchConnection connection(ElasticsearchAccess access) {
        return connections.computeIfAbsent(access, a -> ElasticsearchConnection.open(a, mounts, REQUEST_TIMEOUT));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        connections.values().forEach(ElasticsearchConnection::close);
        models.close();
    }

    private void look() {
        try {
            var bytes = Files.readAllBytes(file);
            var changed = !Arrays.equals(bytes, seen);
            var routing = ManifestJson.mapper().readValue(bytes, RoutingTable.class);
            var before = state;
            if (changed || models.hasFailed()) {
                var wanted = new LinkedHashMap<String, dev.concordance.manifest.EmbeddingModelManifest>();
                routing.routes().forEach(route -> route.models().forEach(model -> wanted.put(model.digest(), model)));
                models.keep(wanted.values());
            }
            // Tokens are small and their Secrets change without the table, so they are read each time.
            var slots = before == null
                            || before.routing().limits().maxConcurrent()
                                    != routing.limits().maxConcurrent()
                    ? new Semaphore(routing.limits().maxConcurrent())
                    : before.slots();
            state = new State(routing, Tokens.read(routing, mounts), slots);
            seen = bytes;
            if (changed) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "routing loaded corpora={0} tokens={1}",
                        routing.routes().size(),
                        routing.tokens().size());
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "routing not loaded, what was served stays: " + e.getMessage());
        }
    }
}
