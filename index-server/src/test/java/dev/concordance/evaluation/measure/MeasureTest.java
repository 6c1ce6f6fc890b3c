package dev.concordance.evaluation.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasureTest {
    private static final Judgments GRADED = new Judgments(Map.of("a", 3, "b", 2, "c", 1, "d", 0, "e", 0));

    /** By hand: gains 3, 0, 1 over log2(rank + 1) against the ideal 3, 2, 1; of x nothing is known. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            ndcg@10, 0.735007
            ndcg, 0.735007
            ndcg@1, 1
            mrr@10, 1
            map, 0.555556
            map@1, 0.333333
            p@5, 0.4
            recall@2, 0.333333
            recall@100, 0.666667
            hit@1, 1
            bpref, 0.666667
            """)
    void measuresAsTrecEvalDoes(String name, double value) {
        assertThat(Measure.parse(name).of(List.of("a", "x", "c"), GRADED)).isCloseTo(value, within(1e-6));
    }

    /** By hand: below one of two judged not relevant, c loses a half; below both, b loses all. */
    @Test
    void countsForBprefOnlyWhatIsJudged() {
        assertThat(Measure.parse("bpref").of(List.of("x", "a", "d", "c", "y", "e", "b"), GRADED))
                .isCloseTo((1 + 0.5 + 0) / 3, within(1e-9));
    }

    @Test
    void looksAtTheFirstOnesOnly() {
        var ranking = IntStream.range(0, 200).mapToObj(String::valueOf).toList();
        assertThat(Measure.parse("mrr@10").of(ranking, new Judgments(Map.of("10", 1))))
                .isZero();
        assertThat(Measure.parse("recall@100").of(ranking, new Judgments(Map.of("99", 1, "100", 1))))
                .isEqualTo(0.5);
        assertThat(Measure.parse("hit@10").of(ranking, new Judgments(Map.of("9", 1))))
                .isEqualTo(1);
    }

    @Test
    void isZeroForNoAnswers() {
        for (var measure : Measure.parseAll("ndcg@10,mrr,map,p@5,recall@10,hit@1,bpref")) {
            assertThat(measure.of(List.of(), GRADED)).as(measure.toString()).isZero();
        }
    }

    @Test
    void leavesUnjudgedDocumentsOutOfACondensedRanking() {
        assertThat(GRADED.condense(List.of("x", "d", "y", "a"))).containsExactly("d", "a");
    }

    @Test
    void saysWhichMeasuresThereAre() {
        assertThatThrownBy(() -> Measure.parse("err@20"))
                .hasMessageContaining("there are ndcg, mrr, map, p@k, recall@k");
        assertThatThrownBy(() -> Measure.parse("p")).hasMessageContaining("needs a depth, such as p@10");
        assertThatThrownBy(() -> Measure.parse("bpref@5")).hasMessageContaining("takes no depth");
        assertThatThrownBy(() -> Measure.parse("ndcg@0")).hasMessageContaining("not from 1 to 1000");
        assertThat(Measure.parse(" nDCG@10 ")).hasToString("ndcg@10");
    }

    /** By hand: 10 of the 30 wanted code points, in 40 that are shown, of which 10 twice. */
    @Test
    void comparesWhatPassagesShowWithExcerpts() {
        var excerpts = List.of(new Excerpt("a", 10, 30), new Excerpt("a", 25, 35), new Excerpt("b", 0, 5));
        var passages = List.of(
                new Excerpt("a", 0, 20), new Excerpt("a", 10, 20), new Excerpt("c", 0, 10), new Excerpt("b", 0, 5));
        assertThat(Measure.parse("chunk-recall@3").of(passages, excerpts)).isCloseTo(10 / 30.0, within(1e-9));
        assertThat(Measure.parse("chunk-precision@3").of(passages, excerpts)).isCloseTo(10 / 40.0, within(1e-9));
        assertThat(Measure.parse("chunk-iou@3").of(passages, excerpts)).isCloseTo(10 / 60.0, within(1e-9));
        assertThat(Measure.parse("chunk-recall@4").of(passages, excerpts)).isCloseTo(15 / 30.0, within(1e-9));
        assertThat(Measure.parse("chunk-precision@5").of(List.of(), excerpts)).isZero();
    }
}
