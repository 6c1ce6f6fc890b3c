package dev.concordance.search;

import dev.concordance.manifest.RoutingTable.Fusion;
import dev.concordance.manifest.RoutingTable.Retrieval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
            Leg.Hit hit,
            double score,
            @Nullable Place lexical,
            @Nullable Place semantic) {}

    private Ranking() {}

    /**
     * The fused ranking, without chunks of a document's version that a newer one was seen of.
     *
     * @param lexical null: there is no such leg
     * @param semantic null: there is no such leg
     */
    static List<Ranked> of(@Nullable Leg lexical, @Nullable Leg semantic, Fusion fusion, Retrieval retrieval) {
        var newest = newest(lexical, semantic);
        var single = lexical == null || semantic == null;
        var words = places(lexical, newest, fusion, single, retrieval.lexicalWeight(), retrieval.rankConstant());
        var meanings = places(semantic, newest, fusion, single, retrieval.semanticWeight(), retrieval.rankConstant());
        var hits = new LinkedHashMap<String, Leg.Hit>();
        current(lexical, newest).forEach(hit -> hits.putIfAbsent(hit.id(), hit));
        current(semantic, newest).forEach(hit -> hits.putIfAbsent(hit.id(), hit));
        return hits.values().stream()
                .map(hit -> ranked(hit, words.get(hit.id()), meanings.get(hit.id())))
                .sorted(Comparator.comparingDouble((Ranked ranked) -> -ranked.score())
                        .thenComparing(ranked -> ranked.hit().id()))
                .toList();
    }

    /** The first {@code k}; by document: of each its best. */
    static List<Ranked> top(List<Ranked> ranking, int k, boolean byDocument) {
        if (!byDocument) {
            return ranking.subList(0, Math.min(k, ranking.size()));
        }
        Set<String> seen = new HashSet<>();
        return ranking.stream()
                .filter(ranked -> seen.add(ranked.hit().key()))
                .limit(k)
                .toList();
    }

    private static Ranked ranked(Leg.Hit hit, @Nullable Place lexical, @Nullable Place semantic) {
        var score = (lexical == null ? 0 : lexical.share()) + (semantic == null ? 0 : semantic.share());
        return new Ranked(hit, score, lexical, semantic);
    }

    private static Map<String, Long> newest(@Nullable Leg lexical, @Nullable Leg semantic) {
        var newest = new HashMap<String, Long>();
        for (var leg : new Leg[] {
            lexical == null ? new Leg(List.of()) : lexical, semantic == null ? new Leg(List.of()) : semantic
        }) {
            leg.hits().forEach(hit -> newest.merge(hit.key(), hit.version(), Math::max));
        }
        return newest;
    }

    private static List<Leg.Hit> current(@Nullable Leg leg, Map<String, Long> newest) {
        var current = new ArrayList<Leg.Hit>();
        if (leg != null) {
            for (var hit : leg.hits()) {
                if (newest.getOrDefault(hit.key(), 0L) == hit.version()) {
                    current.add(hit);
                }
            }
        }
        return current;
    }

    private static Map<String, Place> places(
            @Nullable Leg leg,
            Map<String, Long> newest,
            Fusion fusion,
            boolean single,
            double weight,
            int rankConstant) {
        var hits = current(leg, newest);
        var places = new HashMap<String, Place>();
        if (hits.isEmpty()) {
            return places;
        }
        var highest = hits.getFirst().score();
        var range = highest - hits.getLast().score();
        for (var i = 0; i < hits.size(); i++) {
            var score = hits.get(i).score();
            var normalised = range > 0 ? 1 - (highest - score) / range : 1;
            var fused = fusion == Fusion.rrf ? 1.0 / (rankConstant + i + 1) : weight * normalised;
            places.put(hits.get(i).id(), new Place(i + 1, score, single ? score : fused));
        }
        return places;
    }
}
