package dev.concordance.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.RoutingTable.Fusion;
import dev.concordance.manifest.RoutingTable.Retrieval;
import dev.concordance.search.Ranking.Place;
import dev.concordance.search.Ranking.Ranked;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RankingTest {
    private static final Retrieval EVEN = retrieval(0.5, 0.5);

    @Test
    void addsScoresThatAreNormalisedByTheirRangeAndWeighted() {
        var lexical = List.of(hit("a", 1, 0, 12), hit("b", 1, 0, 8), hit("c", 1, 0, 4));
        var semantic = List.of(hit("c", 1, 0, 0.9), hit("b", 1, 0, 0.8), hit("d", 1, 0, 0.7));
        var ranking = Ranking.of(lexical, semantic, Fusion.weighted, retrieval(0.4, 0.6));
        assertThat(keys(ranking)).containsExactly("c", "b", "a", "d");
        assertThat(ranking.stream().map(Ranked::score)).satisfiesExactly(close(0.6), close(0.5), close(0.4), close(0));
    }

    /** Cormack, Clarke and Buettcher: the sum of 1 / (60 + rank) over the rankings. */
    @Test
    void addsReciprocalRanksIfAskedTo() {
        var lexical = List.of(hit("a", 1, 0, 12), hit("b", 1, 0, 11));
        var semantic = List.of(hit("b", 1, 0, 0.9), hit("c", 1, 0, 0.8));
        var ranking = Ranking.of(lexical, semantic, Fusion.rrf, EVEN);
        assertThat(keys(ranking)).containsExactly("b", "a", "c");
        assertThat(ranking.stream().map(Ranked::score))
                .satisfiesExactly(close(1.0 / 62 + 1.0 / 61), close(1.0 / 61), close(1.0 / 62));
    }

    @Test
    void keepsTheScoresOfASingleLeg() {
        var ranking = Ranking.of(List.of(hit("a", 1, 0, 12), hit("b", 1, 0, 8)), null, Fusion.weighted, EVEN);
        assertThat(ranking.stream().map(Ranked::score)).satisfiesExactly(close(12), close(8));
        assertThat(ranking).allMatch(ranked -> ranked.semantic() == null);
    }

    @Test
    void dropsTheVersionThatANewerOneIsSeenOf() {
        var lexical = List.of(hit("a", 1, 0, 12), hit("b", 3, 0, 8), hit("b", 3, 1, 7));
        var semantic = List.of(hit("b", 4, 0, 0.9), hit("a", 1, 1, 0.5));
        var ranking = Ranking.of(lexical, semantic, Fusion.weighted, EVEN);
        assertThat(ranking.stream().map(ranked -> ranked.candidate().id()))
                .containsExactlyInAnyOrder("a.1.0", "a.1.1", "b.4.0");
        // Ranks count what is left, so that a dropped version takes nobody's place.
        assertThat(ranking.stream().map(Ranked::lexical).filter(place -> place != null))
                .extracting(Place::rank)
                .containsExactly(1);
    }

    @Test
    void showsTheBestChunkOfEachDocument() {
        var leg =
                List.of(hit("a", 1, 0, 9), hit("a", 1, 1, 8), hit("b", 1, 5, 7), hit("a", 1, 2, 6), hit("c", 1, 0, 5));
        var ranking = Ranking.of(leg, null, Fusion.weighted, EVEN);
        assertThat(Ranking.top(ranking, 2, true).stream()
                        .map(ranked -> ranked.candidate().id()))
                .containsExactly("a.1.0", "b.1.5");
        assertThat(Ranking.top(ranking, 2, false).stream()
                        .map(ranked -> ranked.candidate().id()))
                .containsExactly("a.1.0", "a.1.1");
        assertThat(Ranking.top(ranking, 100, true)).hasSize(3);
    }

    @Test
    void bearsEmptyLegsAndEqualScores() {
        assertThat(Ranking.of(List.of(), List.of(), Fusion.weighted, EVEN)).isEmpty();
        var equal = List.of(hit("b", 1, 0, 5), hit("a", 1, 0, 5));
        var ranking = Ranking.of(equal, List.of(), Fusion.weighted, EVEN);
        assertThat(ranking.stream().map(Ranked::score)).satisfiesExactly(close(0.5), close(0.5));
        assertThat(keys(ranking)).as("ties are broken the same way each time").containsExactly("a", "b");
    }

    @Test
    void holdsForAnyLegs() {
        for (var seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            var lexical = leg(random);
            var semantic = leg(random);
            for (var fusion : Fusion.values()) {
                var ranking = Ranking.of(lexical, semantic, fusion, EVEN);
                var ids = new HashSet<String>();
                var newest = new HashSet<String>();
                for (var i = 0; i < ranking.size(); i++) {
                    var ranked = ranking.get(i);
                    assertThat(ids.add(ranked.candidate().id())).isTrue();
                    newest.add(
                            ranked.candidate().key() + "." + ranked.candidate().version());
                    assertThat(ranked.score()).isEqualTo(share(ranked.lexical()) + share(ranked.semantic()));
                    assertThat(ranked.score()).isBetween(0.0, 1.0);
                    if (i > 0) {
                        assertThat(ranked.score())
                                .isLessThanOrEqualTo(ranking.get(i - 1).score());
                    }
                }
                assertThat(newest.stream().map(version -> version.substring(0, 1)))
                        .as("one version of each document")
                        .doesNotHaveDuplicates();
            }
        }
    }

    private static double share(@Nullable Place place) {
        return place == null ? 0 : place.share();
    }

    private static List<Candidate> leg(Random random) {
        var hits = new ArrayList<Candidate>();
        var score = 20.0;
        var ids = new HashSet<String>();
        for (var i = random.nextInt(30); i > 0; i--) {
            var hit =
                    hit(String.valueOf((char) ('a' + random.nextInt(8))), random.nextInt(3), random.nextInt(4), score);
            if (ids.add(hit.id())) {
                hits.add(hit);
            }
            score -= random.nextInt(3);
        }
        return hits;
    }

    private static java.util.function.Consumer<Double> close(double expected) {
        return actual -> assertThat(actual).isCloseTo(expected, within(1e-12));
    }

    private static List<String> keys(List<Ranked> ranking) {
        return ranking.stream().map(ranked -> ranked.candidate().key()).toList();
    }

    private static Retrieval retrieval(double lexical, double semantic) {
        return new Retrieval(RoutingTable.Mode.hybrid, Fusion.weighted, lexical, semantic, 60);
    }

    @Test
    void showsChunksOfOneParentAsItsBest() {
        var lexical = List.of(
                new Candidate("i", "a.1.0", "a", 1, 9, 0),
                new Candidate("i", "a.1.1", "a", 1, 8, 0),
                new Candidate("i", "a.1.5", "a", 1, 7, 1),
                new Candidate("i", "b.1.0", "b", 1, 6, 0));
        var top = Ranking.top(Ranking.of(lexical, null, Fusion.weighted, EVEN), 3, false);
        assertThat(top.stream().map(ranked -> ranked.candidate().id())).containsExactly("a.1.0", "a.1.5", "b.1.0");
        assertThat(top.getFirst().score()).isEqualTo(9);
    }

    private static Candidate hit(String key, long version, int ordinal, double score) {
        return new Candidate("i", key + "." + version + "." + ordinal, key, version, score, -1);
    }
}
