package dev.concordance.search.http;

import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.search.SearchRequest;
import dev.concordance.search.SearchResponse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is told of searches: lines in the log, never with what was asked or found, and metrics. Their tags have few
 * values: routed corpora, modes, outcomes; meters of a corpus go when its route goes.
 */
public final class SearchRecords {
    private static final System.Logger LOG = System.getLogger("dev.concordance.access");
    private static final String NONE = "none";
    private static final int OK = 200;
    private static final Duration SLOW = Duration.ofSeconds(1);
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private final MeterRegistry meters;
    private final Map<Key, Meter> known = new ConcurrentHashMap<>();

    private record Key(String meter, @Nullable Corpus corpus, String first, String second) {}

    private record Corpus(String namespace, String name) {
        static Corpus of(Route route) {
            return new Corpus(route.namespace(), route.corpus());
        }
    }

    /** One search as far as it has come; used by one thread. */
    static final class Seen {
        final String requestId;
        private final long begin;
        int status = OK;

        @Nullable
        String sender;

        @Nullable
        Route route;

        @Nullable
        SearchRequest request;

        @Nullable
        SearchResponse response;

        Seen(String requestId, long begin) {
            this.requestId = requestId;
            this.begin = begin;
        }

        Duration took() {
            return Duration.ofNanos(System.nanoTime() - begin);
        }

        boolean isRemarkable(Duration took) {
            return status != OK
                    || took.compareTo(SLOW) > 0
                    || response != null && !response.degraded().isEmpty();
        }

        String mode() {
            return request == null ? NONE : request.mode().name();
        }

        String outcome() {
            return switch (status) {
                case OK -> "ok";
                case 429 -> "limited";
                case 503 -> "unavailable";
                case 504 -> "timeout";
                case 401, 403, 404 -> "refused";
                default -> status >= 500 ? "error" : "invalid";
            };
        }
    }

    public SearchRecords(MeterRegistry meters) {
        this.meters = meters;
    }

    void add(Seen seen) {
        var took = seen.took();
        var route = seen.route;
        if (route == null) {
            // Not by corpus: anyone can name any number of them.
            meter(
                            "refused",
                            null,
                            String.valueOf(seen.status),
                            "",
                            key -> Counter.builder("concordance.search.refused")
                                    .description(
                                            "Searches that were refused before their corpus was looked at, by status")
                                    .tag("status", key.first())
                                    .register(meters))
                    .increment();
        } else {
            count(seen, Corpus.of(route), took);
        }
        log(seen, took);
    }

    /** Removes the meters of corpora without a route. */
    void keep(List<Route> routes) {
        Set<Corpus> routed = new HashSet<>();
        routes.forEach(route -> routed.add(Corpus.of(route)));
        known.forEach((key, meter) -> {
            if (key.corpus() != null && !routed.contains(key.corpus())) {
                known.remove(key);
                meters.remove(meter);
            }
        });
    }

    private void count(Seen seen, Corpus corpus, Duration took) {
        meter(
                        "search",
                        corpus,
                        seen.mode(),
                        seen.outcome(),
                        key -> Timer.builder("concordance.search")
                                .description("Searches by corpus, mode and outcome")
                                .tags(tags(corpus))
                                .tag("mode", key.first())
                                .tag("outcome", key.second())
                                .serviceLevelObjectives(BUCKETS)
                                .register(meters))
                .record(took);
        var response = seen.response;
        if (response == null) {
            return;
        }
        phase("embed", response.embedding());
        phase("elasticsearch", response.elasticsearch());
        for (var reason : response.degraded()) {
            meter(
                            "degraded",
                            corpus,
                            reason.code(),
                            "",
                            key -> Counter.builder("concordance.search.degraded")
                                    .description("Searches that were answered with less than was asked for")
                                    .tags(tags(corpus))
                                    .tag("reason", key.first())
                                    .register(meters))
                    .increment();
        }
    }

    private void phase(String phase, Duration took) {
        meter(
                        "phase",
                        null,
                        phase,
                        "",
                        key -> Timer.builder("concordance.search.phase")
                                .description("What answered searches spent their time on")
                                .tag("phase", key.first())
                                .serviceLevelObjectives(BUCKETS)
                                .register(meters))
                .record(took);
    }

    private static Tags tags(Corpus corpus) {
        return Tags.of("namespace", corpus.namespace(), "corpus", corpus.name());
    }

    @SuppressWarnings("unchecked")
    private <M extends Meter> M meter(
            String meter, @Nullable Corpus corpus, String first, String second, Function<Key, M> register) {
        var key = new Key(meter, corpus, first, second);
        var there = known.get(key);
        return (M) (there == null ? known.computeIfAbsent(key, register) : there);
    }

    /** Only what somebody may ask about at INFO: a line for each search costs more than the search's fusion. */
    private static void log(Seen seen, Duration took) {
        var level = seen.isRemarkable(took) ? System.Logger.Level.INFO : System.Logger.Level.DEBUG;
        if (!LOG.isLoggable(level)) {
            return;
        }
        var route = seen.route;
        var request = seen.request;
        var response = seen.response;
        LOG.log(
                level,
                "search namespace={0} corpus={1} mode={2} k={3} status={4} hits={5} degraded={6} ms={7} sender={8} requestId={9}",
                route == null ? "-" : route.namespace(),
                route == null ? "-" : route.corpus(),
                seen.mode(),
                request == null ? "-" : String.valueOf(request.k()),
                String.valueOf(seen.status),
                response == null ? "-" : String.valueOf(response.hits()),
                response == null
                        ? List.of()
                        : response.degraded().stream()
                                .map(reason -> reason.code())
                                .toList(),
                String.format(Locale.ROOT, "%.1f", took.toNanos() / 1e6),
                seen.sender == null ? "-" : seen.sender,
                seen.requestId);
    }
}
