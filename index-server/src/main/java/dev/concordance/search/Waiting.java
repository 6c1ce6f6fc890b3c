package dev.concordance.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.elasticsearch.ElasticsearchException;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Reached;
import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.search.SearchException.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** Lets searches wait until what was pushed is searchable. They hold a thread meanwhile, so there is a bound. */
final class Waiting {
    private static final int MOST = 256;
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final long FIRST_LOOK_NANOS = 50_000_000;
    private static final long LONGEST_PAUSE_NANOS = 500_000_000;

    private final LiveGenerations generations;
    private final Semaphore places = new Semaphore(MOST);

    Waiting(LiveGenerations generations) {
        this.generations = generations;
    }

    /** Returns when all of it is searchable in the live generation; throws {@link SearchException} if that takes too long. */
    void await(ElasticsearchConnection elasticsearch, Route route, WaitFor wanted) {
        if (isReached(elasticsearch, route, wanted)) {
            return;
        }
        if (!places.tryAcquire()) {
            throw new SearchException(Kind.UNAVAILABLE, MOST + " searches wait already: try again");
        }
        try {
            var end = System.nanoTime() + wanted.patience().toNanos();
            var pause = FIRST_LOOK_NANOS;
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(Math.min(pause, end - System.nanoTime()));
                if (isReached(elasticsearch, route, wanted)) {
                    return;
                }
                pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
            }
        } finally {
            places.release();
        }
        throw tooEarly(wanted);
    }

    /** Up to where what was pushed is searchable in a generation; throws {@link SearchException} if that isn't far enough. */
    Reached require(ElasticsearchConnection elasticsearch, Route route, LiveGeneration live, WaitFor wanted) {
        var reached = reached(elasticsearch, route, live);
        if (!wanted.isReachedBy(reached)) {
            throw tooEarly(wanted);
        }
        return reached;
    }

    private boolean isReached(ElasticsearchConnection elasticsearch, Route route, WaitFor wanted) {
        var live = generations.of(elasticsearch, route.alias());
        return wanted.isReachedBy(reached(elasticsearch, route, live));
    }

    private static Reached reached(ElasticsearchConnection elasticsearch, Route route, LiveGeneration live) {
        try {
            var found = elasticsearch
                    .send("GET", "/" + route.alias() + "-ledger/_doc/" + Reached.id(live.number()), null, DEADLINE)
                    .json();
            return found.path("found").asBoolean()
                    ? ManifestJson.mapper().treeToValue(found.path("_source"), Reached.class)
                    : new Reached(live.number(), Map.of(), false);
        } catch (ElasticsearchException e) {
            throw new SearchException(Kind.UNAVAILABLE, String.valueOf(e.getMessage()));
        } catch (JsonProcessingException e) {
            throw new SearchException(Kind.UNAVAILABLE, "the ledger can't be read by this version of the server");
        }
    }

    private static SearchException tooEarly(WaitFor wanted) {
        return new SearchException(
                Kind.TIMED_OUT,
                "what was pushed up to waitFor is not searchable after %d s: wait again, or look at the Corpus's conditions and its runs"
                        .formatted(wanted.patience().toSeconds()));
    }
}
