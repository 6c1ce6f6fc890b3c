package dev.concordance.search;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.elasticsearch.ElasticsearchException;
import dev.concordance.manifest.RoutingTable.Mode;
import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.search.LegReader.Outcome;
import dev.concordance.search.SearchException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers searches on routed corpora. Safe for many threads; blocks. */
public final class SearchService {
    private final Models models;
    private final LiveGenerations generations = new LiveGenerations();

    /** One search on its way. */
    private record Search(ElasticsearchConnection elasticsearch, Route route, SearchRequest request, long end) {
        Duration left() {
            return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
        }
    }

    /** What the semantic leg asks with, or why there is none. */
    private record Meaning(
            float @Nullable [] vector, @Nullable Degradation without) {}

    private record Asked(byte[] answer, List<Outcome> outcomes, Duration took) {}

    public SearchService(Models models) {
        this.models = models;
    }

    /**
     * Searches.
     *
     * @param deadline after it the search ends with an error
     */
    public SearchResponse search(
            ElasticsearchConnection elasticsearch, Route route, SearchRequest request, Duration deadline) {
        var search = new Search(elasticsearch, route, request, System.nanoTime() + deadline.toNanos());
        try {
            var live = generations.of(elasticsearch, route.alias());
            var response = search(search, live);
            if (response != null) {
                return response;
            }
            // The alias has moved since it was looked at: what it points to now may have vectors of another model.
            response = search(search, generations.refresh(elasticsearch, route.alias()));
            if (response == null) {
                throw new SearchException(Kind.UNAVAILABLE, "the corpus is switching generations: try again");
            }
            return response;
        } catch (ElasticsearchException e) {
            throw System.nanoTime() >= search.end()
                    ? new SearchException(
                            Kind.TIMED_OUT, "the search was not answered within " + deadline.toMillis() + " ms")
                    : new SearchException(Kind.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    /** Looks where these aliases of a cluster point to now, so that no search has to ask. */
    public void lookAgain(ElasticsearchConnection elasticsearch, List<String> aliases) {
        generations.refresh(elasticsearch, aliases);
    }

    /** Forgets what is known by other connections than these. */
    public void keep(Set<ElasticsearchConnection> connections) {
        generations.keep(connections);
    }

    /** Null: the alias doesn't point to {@code live} any more. */
    private @Nullable SearchResponse search(Search search, LiveGeneration live) {
        var begin = System.nanoTime();
        var request = search.request();
        var meaning = meaning(search, live);
        var embedding = Duration.ofNanos(System.nanoTime() - begin);
        var asked = ask(search, new QueryWriter(search.route().alias(), request).write(meaning.vector()));
        if (isElsewhere(search, asked.outcomes(), live)) {
            return null;
        }
        asked.outcomes().forEach(SearchService::requireWhole);
        var vector = meaning.vector();
        var both = vector != null && request.mode() == Mode.hybrid;
        var lexical = both || vector == null ? asked.outcomes().getFirst().leg() : null;
        var semantic = vector == null ? null : asked.outcomes().getLast().leg();
        var ranking =
                Ranking.of(lexical, semantic, request.fusion(), search.route().retrieval());
        var shown = Ranking.top(ranking, request.k(), request.byDocument());
        var degraded = degraded(request, meaning);
        return new SearchResponse(
                new ResponseWriter(asked.answer(), request).write(shown, live, degraded),
                degraded,
                embedding,
                asked.took());
    }

    /** A search whose model can't be had falls back to words: the ladder goes hybrid, then lexical. */
    private Meaning meaning(Search search, LiveGeneration live) {
        var request = search.request();
        if (request.mode() == Mode.lexical) {
            return new Meaning(null, null);
        }
        var given = request.vector();
        if (given != null) {
            if (given.length != live.dimensions()) {
                throw SearchException.invalid(
                        "vector", "has %d dimensions; the corpus has %d".formatted(given.length, live.dimensions()));
            }
            return new Meaning(given, null);
        }
        if (!models.wants(live.modelDigest())) {
            return new Meaning(null, Degradation.MODEL_MISMATCH);
        }
        var vector = models.embed(live.modelDigest(), String.valueOf(request.query()), search.left());
        return new Meaning(vector, vector == null ? Degradation.MODEL_UNAVAILABLE : null);
    }

    private static List<Degradation> degraded(SearchRequest request, Meaning meaning) {
        var degraded = new ArrayList<Degradation>();
        if (meaning.without() != null) {
            degraded.add(meaning.without());
        }
        if (request.rerank()) {
            degraded.add(Degradation.RERANK_UNAVAILABLE);
        }
        return degraded;
    }

    private static Asked ask(Search search, byte[] body) {
        var begin = System.nanoTime();
        var answer = search.elasticsearch().send("POST", "/_msearch", body, search.left());
        var took = Duration.ofNanos(System.nanoTime() - begin);
        if (answer.status() >= 300) {
            throw new SearchException(Kind.UNAVAILABLE, "Elasticsearch answered " + answer.status());
        }
        return new Asked(answer.body(), LegReader.read(answer.body()), took);
    }

    /**
     * Whether a leg was answered by another generation, or failed because there is another one: its vectors may have other
     * dimensions, and the former one's index may be gone. A leg without hits does not tell where it looked.
     */
    private boolean isElsewhere(Search search, List<Outcome> outcomes, LiveGeneration live) {
        for (var outcome : outcomes) {
            if (outcome.error() != null) {
                var now = generations.refresh(
                        search.elasticsearch(), search.route().alias());
                return !now.index().equals(live.index());
            }
            var hits = outcome.leg().hits();
            if (!hits.isEmpty() && !hits.getFirst().index().equals(live.index())) {
                return true;
            }
        }
        return false;
    }

    /** Never a partial result: what a failed shard holds would silently be missing. */
    private static void requireWhole(Outcome outcome) {
        var said = outcome.error();
        if (said == null && outcome.failedShards() == 0 && !outcome.timedOut()) {
            return;
        }
        if (said != null && outcome.status() == 400 && said.contains("clause")) {
            throw SearchException.invalid("query", "has too many words");
        }
        throw new SearchException(
                Kind.UNAVAILABLE,
                said == null
                        ? "a shard of the corpus could not be searched: try again"
                        : "Elasticsearch could not search: " + said);
    }
}
