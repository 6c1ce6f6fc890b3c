package dev.concordance.search;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.elasticsearch.ElasticsearchException;
import dev.concordance.embedding.Role;
import dev.concordance.manifest.RoutingTable.Mode;
import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.search.LegReader.Outcome;
import dev.concordance.search.SearchException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers searches on routed corpora. Safe for many threads; blocks. */
public final class SearchService {
    /** Reason of a degraded answer: the vectors are of a model that isn't loaded, so the semantic leg is off. */
    public static final String MODEL_MISMATCH = "model-mismatch";

    private final Models models;
    private final LiveGenerations generations = new LiveGenerations();

    private record Asked(byte[] answer, List<Outcome> outcomes) {}

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
        var end = System.nanoTime() + deadline.toNanos();
        try {
            var live = generations.of(elasticsearch, route.alias());
            var response = search(elasticsearch, route, request, live, end);
            if (response != null) {
                return response;
            }
            // The alias has moved since it was looked at: what it points to now may have vectors of another model.
            var moved = generations.refresh(elasticsearch, route.alias());
            response = search(elasticsearch, route, request, moved, end);
            if (response == null) {
                throw new SearchException(Kind.UNAVAILABLE, "the corpus is switching generations: try again");
            }
            return response;
        } catch (ElasticsearchException e) {
            throw System.nanoTime() >= end
                    ? new SearchException(Kind.TIMED_OUT, "the search took longer than " + deadline.toMillis() + " ms")
                    : new SearchException(Kind.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable SearchResponse search(
            ElasticsearchConnection elasticsearch, Route route, SearchRequest request, LiveGeneration live, long end) {
        var degraded = new ArrayList<String>();
        var vector = vector(request, live, degraded);
        var asked = ask(elasticsearch, new QueryWriter(route.alias(), request).write(vector), end);
        if (isElsewhere(asked.outcomes(), live)) {
            return null;
        }
        var both = vector != null && request.mode() == Mode.hybrid;
        var lexical = both || vector == null ? asked.outcomes().getFirst().leg() : null;
        var semantic = vector == null ? null : asked.outcomes().getLast().leg();
        var ranking = Ranking.of(lexical, semantic, request.fusion(), route.retrieval());
        var shown = Ranking.top(ranking, request.k(), request.byDocument());
        return new SearchResponse(new ResponseWriter(asked.answer(), request).write(shown, live, degraded), degraded);
    }

    /** The semantic leg's vector; null: there is no such leg. A semantic search without its model falls back to words. */
    private float @Nullable [] vector(SearchRequest request, LiveGeneration live, List<String> degraded) {
        if (request.mode() == Mode.lexical) {
            return null;
        }
        var embedder = models.withDigest(live.modelDigest());
        var given = request.vector();
        if (embedder == null) {
            if (request.query() == null) {
                throw new SearchException(
                        Kind.UNAVAILABLE, "the model of the corpus's vectors is not loaded here: try again later");
            }
            degraded.add(MODEL_MISMATCH);
            return null;
        }
        if (given != null) {
            var dimensions = embedder.manifest().dimensions();
            if (given.length != dimensions) {
                throw SearchException.invalid(
                        "vector", "has %d dimensions; the corpus has %d".formatted(given.length, dimensions));
            }
            return given;
        }
        return embedder.embed(Role.QUERY, String.valueOf(request.query()));
    }

    private static Asked ask(ElasticsearchConnection elasticsearch, byte[] body, long end) {
        var left = Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
        var answer = elasticsearch.send("POST", "/_msearch", body, left);
        if (answer.status() >= 300) {
            throw new SearchException(Kind.UNAVAILABLE, "Elasticsearch answered " + answer.status());
        }
        var outcomes = LegReader.read(answer.body());
        for (var outcome : outcomes) {
            if (outcome.error() != null || outcome.failedShards() > 0) {
                throw failed(outcome);
            }
        }
        return new Asked(answer.body(), outcomes);
    }

    /** Never a partial result: what a failed shard holds would silently be missing. */
    private static SearchException failed(Outcome outcome) {
        var said = String.valueOf(outcome.error());
        if (outcome.status() == 400 && said.contains("clause")) {
            return SearchException.invalid("query", "has too many words");
        }
        return new SearchException(
                Kind.UNAVAILABLE, outcome.error() == null ? "a shard of the corpus could not be searched" : said);
    }

    private static boolean isElsewhere(List<Outcome> outcomes, LiveGeneration live) {
        return outcomes.stream()
                .flatMap(outcome -> outcome.leg().hits().stream().limit(1))
                .anyMatch(hit -> !hit.index().equals(live.index()));
    }
}
