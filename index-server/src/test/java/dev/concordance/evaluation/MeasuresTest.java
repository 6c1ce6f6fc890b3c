package dev.concordance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeasuresTest {
    @Test
    void measuresAsTrecEvalDoes() {
        // By hand: gains 3, 0, 1 over log2(rank + 1), against the ideal 3, 2, 1.
        var measures = Measures.of(List.of("a", "x", "c"), Map.of("a", 3, "b", 2, "c", 1, "d", 0));
        assertThat(measures.ndcg()).isCloseTo((3 + 0.5) / (3 + 2 / 1.5849625007 + 0.5), within(1e-9));
        assertThat(measures.mrr()).isEqualTo(1);
        assertThat(measures.recall()).isCloseTo(2.0 / 3, within(1e-9));
    }

    @Test
    void looksAtTheFirstTenForRankAndTheFirstHundredForRecall() {
        var ranking = IntStream.range(0, 200).mapToObj(String::valueOf).toList();
        var measures = Measures.of(ranking, Map.of("10", 1, "99", 1, "100", 1, "3", 1));
        assertThat(measures.mrr()).isEqualTo(0.25);
        assertThat(measures.recall()).isEqualTo(0.75);
        assertThat(Measures.of(ranking, Map.of("10", 1)).ndcg()).isZero();
        assertThat(Measures.of(ranking, Map.of("10", 1)).mrr()).isZero();
    }

    @Test
    void isOneForAnIdealRankingAndZeroForNone() {
        assertThat(Measures.of(List.of("a", "b"), Map.of("a", 2, "b", 1))).isEqualTo(new Measures(1, 1, 1));
        assertThat(Measures.of(List.of(), Map.of("a", 1))).isEqualTo(new Measures(0, 0, 0));
        assertThat(Measures.mean(List.of(new Measures(1, 1, 1), new Measures(0, 0.5, 0))))
                .isEqualTo(new Measures(0.5, 0.75, 0.5));
    }
}
