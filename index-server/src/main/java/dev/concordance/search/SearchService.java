package dev.concordance.search;

import dev.concordance.access.Caller;
import dev.concordance.elasticsearch.Answer;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.elasticsearch.ElasticsearchException;
import dev.concordance.manifest.RoutingTable.Mode;
import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.manifest.Tombstones;
import dev.concordance.manifest.Tracer;
import dev.concordance.search.QueryWriter.Query;
import dev.concordance.search.Ranking.Ranked;
import dev.concordance.search.ResponseWriter.Shown;
import dev.concordance.search.SearchException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers searches on routed corpora. Safe for many threads; blocks. */
public final class SearchService {
    private final Models models;
    private final Clock clock;
    private final LiveGenerations generations = new LiveGenerations();
    private final Waiting waiting = new Waiting(generations);

    /** One search on its way. */
    private record Search(
            ElasticsearchConnection elasticsearch, Route route, SearchRequest request, Caller caller, long end) {
        Duration left() {
            return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
        }
    }

    /** What the semantic leg asks with, or why there is none. */
    private record Meaning(
            float @Nullable [] vector, @Nullable Degradation without) {}

    /** @param clock tells how old access lists are */
    public SearchService(Models models, Clock clock) {
        this.models = models;
        this.clock = clock;
    }

    /**
     * Waits until what was pushed is searchable, if the request asks for that; throws {@link SearchException} if it takes longer than the
     * request allows.
     */
    public void await(ElasticsearchConnection elasticsearch, Route route, SearchRequest request) {
        var wanted = request.waitFor();
        if (wanted != null) {
            waiting.await(elasticsearch, route, wanted);
        }
    }

    /**
     * Searches.
     *
     * @param caller as whom: nothing is found that it may not see
     * @param deadline after it the search ends with an error
     */
    public SearchResponse search(
            ElasticsearchConnection elasticsearch,
            Route route,
            SearchRequest request,
            Caller caller,
            Duration deadline) {
        var search = new Search(elasticsearch, route, request, caller, System.nanoTime() + deadline.toNanos());
        try {
            var live = generations.of(elasticsearch, route.alias());
            var response = search(search, live, false);
            if (response != null) {
                return response;
            }
            // What the alias points to now may have vectors of another model.
            response = search(search, generations.refresh(elasticsearch, route.alias()), true);
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

    /** Looks how fresh those of these aliases are now whose sources are followed. */
    public void lookAtFollowed(ElasticsearchConnection elasticsearch, List<String> aliases) {
        generations.refreshFollowed(elasticsearch, aliases, clock.instant());
    }

    /** Forgets what is known by other connections than these. */
    public void keep(Set<ElasticsearchConnection> connections) {
        generations.keep(connections);
    }

    /**
     * Searches once.
     *
     * @param again whether this is the second time
     * @return null: what was found has gone since, because the alias has moved or, the first time, a chunk was deleted
     */
    private @Nullable SearchResponse search(Search search, LiveGeneration live, boolean again) {
        var begin = System.nanoTime();
        var request = search.request();
        var withheld = request.waitFor() != null
                && waiting.require(search.elasticsearch(), search.route(), live, request.waitFor())
                        .withheld();
        var seenBy = AccessCheck.of(search.route().access(), live, clock.instant()) ? search.caller() : null;
        var meaning = meaning(search, live);
        var embedded = System.nanoTime();
        var queries = queries(search, live, seenBy);
        var legs = legs(ask(search, queries.candidates(meaning.vector())));
        if (isElsewhere(search, legs, live)) {
            return null;
        }
        legs.forEach(SearchService::requireWhole);
        var found = found(search, queries, legs, meaning.vector(), live);
        if (found == null || found.isLess() && !again) {
            return null;
        }
        var shown = found.shown();
        var answered = System.nanoTime();
        var degraded = degraded(request, meaning, withheld);
        return new SearchResponse(
                new ResponseWriter(request).write(shown, live, degraded),
                degraded,
                Duration.ofNanos(embedded - begin),
                Duration.ofNanos(answered - embedded));
    }

    private static QueryWriter queries(Search search, LiveGeneration live, @Nullable Caller seenBy) {
        var retrieval = search.route().retrieval();
        return new QueryWriter(
                search.route().alias(),
                search.request(),
                live.siblings(),
                retrieval.lexical(),
                live.depth(retrieval.semantic()),
                seenBy);
    }

    /** @param isLess whether one of them is not there any more */
    private record FoundPassages(List<Shown> shown, boolean isLess) {}

    /**
     * The best that may be shown. That a document is erased may be told only by its passage, so others take the places of such
     * ones; an index holds them only if it was restored from a snapshot, or before its Erasure is carried out.
     */
    private @Nullable FoundPassages found(
            Search search,
            QueryWriter queries,
            List<Outcome<Candidate>> legs,
            float @Nullable [] vector,
            LiveGeneration live) {
        var hidden = new HashSet<String>();
        while (true) {
            var top = top(search, legs, vector, hidden);
            var shown = shown(search, queries, top, live);
            if (shown == null) {
                return null;
            }
            if (!hidden.addAll(erased(search.route().tombstones(), shown))) {
                return new FoundPassages(shown, shown.size() < top.size());
            }
        }
    }

    private static List<String> erased(Tombstones tombstones, List<Shown> shown) {
        return tombstones.isEmpty()
                ? List.of()
                : shown.stream()
                        .filter(one ->
                                one.passage().isCovered(one.ranked().candidate().key(), tombstones))
                        .map(one -> one.ranked().candidate().key())
                        .toList();
    }

    /** Hits of a leg without the tracer, and without those of documents that are known to be erased. */
    private static List<Candidate> visible(Search search, List<Candidate> hits, Set<String> hidden) {
        var tombstones = search.route().tombstones();
        return hits.stream()
                .filter(hit -> !hit.key().equals(Tracer.KEY)
                        && !hidden.contains(hit.key())
                        && !tombstones.coversKey(hit.key()))
                .toList();
    }

    private static List<Ranked> top(
            Search search, List<Outcome<Candidate>> legs, float @Nullable [] vector, Set<String> hidden) {
        var request = search.request();
        var both = vector != null && request.mode() == Mode.hybrid;
        var lexical = both || vector == null ? visible(search, legs.getFirst().hits(), hidden) : null;
        var semantic = vector == null ? null : visible(search, legs.getLast().hits(), hidden);
        var ranking =
                Ranking.of(lexical, semantic, request.fusion(), search.route().retrieval());
        return Ranking.top(ranking, request.k(), request.byDocument());
    }

    /** Those of the chunks that are still there, with their passages; null: the generation itself isn't. */
    private @Nullable List<Shown> shown(Search search, QueryWriter queries, List<Ranked> top, LiveGeneration live) {
        if (top.isEmpty()) {
            return List.of();
        }
        var ids = top.stream().map(ranked -> ranked.candidate().id()).toList();
        var outcome =
                Outcome.of(ask(search, queries.passages(live.index(), ids)).body(), Passage::read);
        if (isGone(search, outcome, live)) {
            return null;
        }
        requireWhole(outcome);
        var passages = new HashMap<String, Passage>();
        outcome.hits().forEach(passage -> passages.put(passage.id(), passage));
        var shown = new ArrayList<Shown>();
        for (var ranked : top) {
            var passage = passages.get(ranked.candidate().id());
            if (passage != null) {
                shown.add(new Shown(ranked, passage));
            }
        }
        return shown;
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
        var model = search.route().models().stream()
                .filter(known -> known.digest().equals(live.modelDigest()))
                .findFirst();
        if (model.isEmpty()) {
            return new Meaning(null, Degradation.MODEL_MISMATCH);
        }
        var text = model.get().queryPrefix() + request.query();
        var vector = models.embed(live.modelDigest(), text, search.left());
        return new Meaning(vector, vector == null ? Degradation.MODEL_UNAVAILABLE : null);
    }

    private static List<Degradation> degraded(SearchRequest request, Meaning meaning, boolean withheld) {
        var degraded = new ArrayList<Degradation>();
        if (meaning.without() != null) {
            degraded.add(meaning.without());
        }
        if (request.rerank()) {
            degraded.add(Degradation.RERANK_UNAVAILABLE);
        }
        if (withheld) {
            degraded.add(Degradation.DELETIONS_WITHHELD);
        }
        return degraded;
    }

    private static Answer ask(Search search, Query query) {
        return search.elasticsearch().send("POST", query.path(), query.body(), search.left());
    }

    private static List<Outcome<Candidate>> legs(Answer answer) {
        if (answer.status() >= 300) {
            throw new SearchException(Kind.UNAVAILABLE, "Elasticsearch answered " + answer.status());
        }
        return Outcome.ofEach(answer.body(), Candidate::read);
    }

    /**
     * Whether a leg was answered by another generation, or failed because there is another one: its vectors may have other
     * dimensions, and the former one's index may be gone. A leg without hits does not tell where it looked.
     */
    private boolean isElsewhere(Search search, List<Outcome<Candidate>> legs, LiveGeneration live) {
        for (var leg : legs) {
            if (leg.error() != null) {
                return isGone(search, leg, live);
            }
            if (!leg.hits().isEmpty() && !leg.hits().getFirst().index().equals(live.index())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a search failed because the alias has moved on. */
    private boolean isGone(Search search, Outcome<?> outcome, LiveGeneration live) {
        if (outcome.error() == null) {
            return false;
        }
        var now = generations.refresh(search.elasticsearch(), search.route().alias());
        return !now.index().equals(live.index());
    }

    /** Never a partial result: what a failed shard holds would silently be missing. */
    private static void requireWhole(Outcome<?> outcome) {
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
