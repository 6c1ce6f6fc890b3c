package dev.concordance.search;

import dev.concordance.manifest.RoutingTable.Fusion;
import dev.concordance.manifest.RoutingTable.Retrieval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes one ranking of the legs. Pure. */
final class Ranking {
    /** Where a chunk is in a leg: rank from 1, the leg's own score, and what it adds to the fused score. */
    record Place(int rank, double score, double share) {}

    /** A chunk in the ranking; at least one of the places is there. */
    record Ranked(
            Candidate candidate,
            double score,
            @Nullable Place lexical,
            @Nullable Place semantic) {}

    /** Equal scores are told apart by the chunk's id, so that the same search gives the same ranking. */
    private static final Comparator<Ranked> BEST_FIRST = (one, other) -> {
        var byScore = Double.compare(other.score(), one.score());
        return byScore != 0
                ? byScore
                : one.candidate().id().compareTo(other.candidate().id());
    };

    private Ranking() {}

    /**
     * The fused ranking, without chunks of a document's version that a newer one was seen of.
     *
     * @param lexical null: there is no such leg
     * @param semantic null: there is no such leg
     */
    static List<Ranked> of(
            @Nullable List<Candidate> lexical, @Nullable List<Candidate> semantic, Fusion fusion, Retrieval retrieval) {
        var newest = new HashMap<String, Long>();
        see(newest, lexical);
        see(newest, semantic);
        var single = lexical == null || semantic == null;
        var words = new Shares(current(lexical, newest), fusion, single, retrieval.lexicalWeight(), retrieval);
        var meanings = new Shares(current(semantic, newest), fusion, single, retrieval.semanticWeight(), retrieval);
        var ranked = new HashMap<String, Ranked>();
        for (var i = 0; i < words.hits().size(); i++) {
            var candidate = words.hits().get(i);
            var place = words.place(i);
            ranked.put(candidate.id(), new Ranked(candidate, place.share(), place, null));
        }
        for (var i = 0; i < meanings.hits().size(); i++) {
            var candidate = meanings.hits().get(i);
            var place = meanings.place(i);
            var both = ranked.get(candidate.id());
            ranked.put(
                    candidate.id(),
                    both == null
                            ? new Ranked(candidate, place.share(), null, place)
                            : new Ranked(both.candidate(), both.score() + place.share(), both.lexical(), place));
        }
        var ranking = new ArrayList<>(ranked.values());
        ranking.sort(BEST_FIRST);
        return ranking;
    }

    /** The first {@code k}, the best of those that are shown as one; by document: of each its best. */
    static List<Ranked> top(List<Ranked> ranking, int k, boolean byDocument) {
        Set<String> seen = new HashSet<>();
        return ranking.stream()
                .filter(ranked -> seen.add(
                        byDocument
                                ? ranked.candidate().key()
                                : ranked.candidate().shown()))
                .limit(k)
                .toList();
    }

    private static void see(Map<String, Long> newest, @Nullable List<Candidate> leg) {
        if (leg != null) {
            leg.forEach(hit -> newest.merge(hit.key(), hit.version(), Math::max));
        }
    }

    private static List<Candidate> current(@Nullable List<Candidate> leg, Map<String, Long> newest) {
        var current = new ArrayList<Candidate>();
        if (leg != null) {
            for (var hit : leg) {
                if (newest.getOrDefault(hit.key(), 0L) == hit.version()) {
                    current.add(hit);
                }
            }
        }
        return current;
    }

    /** What the hits of a leg add to the fused scores. */
    private record Shares(List<Candidate> hits, Fusion fusion, boolean single, double weight, Retrieval retrieval) {
        Place place(int i) {
            var score = hits.get(i).score();
            if (single) {
                return new Place(i + 1, score, score);
            }
            if (fusion == Fusion.rrf) {
                return new Place(i + 1, score, 1.0 / (retrieval.rankConstant() + i + 1));
            }
            var highest = hits.getFirst().score();
            var range = highest - hits.getLast().score();
            return new Place(i + 1, score, weight * (range > 0 ? 1 - (highest - score) / range : 1));
        }
    }
}
