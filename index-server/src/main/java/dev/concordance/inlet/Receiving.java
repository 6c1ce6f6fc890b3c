package dev.concordance.inlet;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.elasticsearch.ElasticsearchException;
import dev.concordance.endpoint.Problem;
import dev.concordance.endpoint.Tokens;
import dev.concordance.inbox.Busy;
import dev.concordance.inbox.Inbox;
import dev.concordance.inbox.InboxReader;
import dev.concordance.inbox.MissingInbox;
import dev.concordance.inbox.Sweep;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.InletTable;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is taken at the moment, and from whom; table and tokens are read again when their files change, without a restart. */
public final class Receiving implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Receiving.class.getName());
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long SWEEP_MINUTES = 60;

    private final Path file;
    private final Function<String, Path> mounts;
    private final Clock clock;
    private final ScheduledExecutorService watch = thread("table");
    private final ScheduledExecutorService sweeping = thread("sweep");
    private final long begun = System.nanoTime();
    private volatile long lookedAt = begun;
    private volatile @Nullable State state;
    private volatile @Nullable String problem;
    private byte @Nullable [] seen;

    /**
     * One consistent state.
     *
     * @param tokens by source
     */
    record State(
            InletTable table,
            Map<String, Tokens> tokens,
            ElasticsearchConnection elasticsearch,
            Inbox inbox,
            InboxReader reader) {
        State {
            tokens = Map.copyOf(tokens);
        }

        /** The name of the token that was sent, which opens the source; throws {@link Problem} if it doesn't. */
        String sender(@Nullable String authorization, String namespace, String corpus, String source) {
            var own = table.names().namespace().equals(namespace)
                            && table.names().corpus().equals(corpus)
                    ? tokens.get(source)
                    : null;
            if (own != null) {
                var name = own.name(authorization);
                if (name.isPresent()) {
                    return name.get();
                }
            }
            if (tokens.values().stream()
                    .anyMatch(other -> other.name(authorization).isPresent())) {
                throw Problem.forbidden("the token does not open this source, or there is no such source");
            }
            throw Problem.unauthorized();
        }
    }

    /** @param file the table */
    public Receiving(Path file, Function<String, Path> mounts, Clock clock) {
        this.file = file;
        this.mounts = mounts;
        this.clock = clock;
    }

    /** Reads the table now and again every second; tidies the inbox up once an hour. */
    public void begin() {
        var unused = watch.scheduleWithFixedDelay(this::look, 0, LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        var first = ThreadLocalRandom.current().nextLong(1, SWEEP_MINUTES);
        var unusedToo = sweeping.scheduleWithFixedDelay(this::sweep, first, SWEEP_MINUTES, TimeUnit.MINUTES);
    }

    /** Whether a table was read. That Elasticsearch can't be reached does not count: a 503 tells more than a refused connection. */
    public boolean isReady() {
        return state != null;
    }

    /** How long ago the table was looked at; long: the thread that does it is dead. */
    public Duration sinceLook() {
        return Duration.ofNanos(System.nanoTime() - lookedAt);
    }

    /** Why the present table is not the one that is used; null: it is. */
    public @Nullable String problem() {
        return problem;
    }

    /** How many declared tokens open nothing. */
    public long tokensWithoutValue() {
        var now = state;
        return now == null
                ? 0
                : now.tokens().values().stream()
                        .mapToLong(tokens -> tokens.unreadable().size())
                        .sum();
    }

    /** Throws {@link Problem} while nothing is loaded. */
    State state() {
        var now = state;
        if (now == null) {
            throw Problem.unavailable("the inlet is starting");
        }
        return now;
    }

    @Override
    public void close() {
        watch.shutdownNow();
        sweeping.shutdownNow();
        var now = state;
        if (now != null) {
            now.elasticsearch().close();
        }
    }

    private void look() {
        lookedAt = System.nanoTime();
        try {
            var bytes = Files.readAllBytes(file);
            var before = state;
            if (before == null || !Arrays.equals(bytes, seen)) {
                change(ManifestJson.mapper().readValue(bytes, InletTable.class), before);
                seen = bytes;
            } else {
                state = with(before.table(), before.elasticsearch());
            }
            problem = null;
        } catch (JsonProcessingException e) {
            broken("the table is not as expected: " + e.getOriginalMessage());
        } catch (IOException | RuntimeException e) {
            broken("the table can't be used: " + e);
        }
    }

    private void broken(String why) {
        if (!why.equals(problem)) {
            LOG.log(System.Logger.Level.ERROR, "table not loaded, what was used stays: {0}", why);
        }
        problem = why;
    }

    private void change(InletTable table, @Nullable State before) {
        if (before != null && before.table().elasticsearch().equals(table.elasticsearch())) {
            state = with(table, before.elasticsearch());
        } else {
            state = with(table, open(table.elasticsearch()));
            if (before != null) {
                var unused = watch.schedule(
                        before.elasticsearch()::close, REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        LOG.log(
                System.Logger.Level.INFO,
                "table loaded corpus={0} sources={1}",
                table.names().corpus(),
                table.sources().size());
    }

    private ElasticsearchConnection open(ElasticsearchAccess access) {
        return ElasticsearchConnection.open(access, mounts, REQUEST_TIMEOUT);
    }

    private State with(InletTable table, ElasticsearchConnection elasticsearch) {
        var tokens = new HashMap<String, Tokens>();
        for (var source : table.sources()) {
            var declared = source.tokens().stream()
                    .map(token -> new Token(token.name(), token.mount(), token.key(), List.of()))
                    .toList();
            tokens.put(source.name(), Tokens.read(false, declared, mounts));
        }
        var index = table.names().inbox();
        return new State(
                table,
                tokens,
                elasticsearch,
                new Inbox(elasticsearch, index, clock, PATIENCE),
                new InboxReader(elasticsearch, index));
    }

    private void sweep() {
        var now = state;
        if (now == null) {
            return;
        }
        try {
            var removed = new Sweep(now.elasticsearch(), now.table().names().inbox()).sweep(clock.instant());
            if (removed > 0) {
                LOG.log(System.Logger.Level.INFO, "swept removed={0}", removed);
            }
        } catch (ElasticsearchException | Busy | MissingInbox e) {
            LOG.log(System.Logger.Level.WARNING, "not swept, which is tried again in an hour: {0}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "not swept", e);
        }
    }

    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }
}
