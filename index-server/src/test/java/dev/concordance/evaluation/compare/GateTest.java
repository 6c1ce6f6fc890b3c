package dev.concordance.evaluation.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.concordance.evaluation.compare.Verdict.Outcome;
import dev.concordance.evaluation.measure.Measure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final Measure NDCG = Measure.parse("ndcg@10");
    private static final Gate GATE = new Gate(NDCG, 0.01, null, 0.95);
    private static final Resampling SEEDED = new Resampling(1);

    @Test
    void passesAnEqualCandidate() {
        var same = pairs(100, i -> 0);
        assertThat(GATE.judge(same, SEEDED).outcome()).isEqualTo(Outcome.PASS);
        var nearly = pairs(300, i -> i % 50 == 0 ? 0.05 * (i % 100 == 0 ? 1 : -1) : 0);
        assertThat(GATE.judge(nearly, SEEDED).outcome()).isEqualTo(Outcome.PASS);
    }

    @Test
    void cannotTellByTenQueries() {
        var noise = new Random(3);
        for (var trial = 0; trial < 20; trial++) {
            var verdict = GATE.judge(pairs(10, i -> 0.1 * noise.nextGaussian()), new Resampling(trial));
            assertThat(verdict.outcome()).isNotEqualTo(Outcome.PASS);
        }
        var verdict = GATE.judge(pairs(10, i -> i % 2 == 0 ? 0.1 : -0.12), SEEDED);
        assertThat(verdict.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(verdict.reason())
                .contains("drops by 0.0100")
                .endsWith("on 10 queries; 0.01 is allowed: too few queries to tell");
    }

    @Test
    void failsAWorseCandidateWithTheQueriesThatLoseMost() {
        var verdict = GATE.judge(pairs(60, i -> -0.002 * i), SEEDED);
        assertThat(verdict.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(verdict.drop()).isCloseTo(0.059, within(1e-9));
        assertThat(verdict.pWorse()).isLessThan(0.001);
        assertThat(verdict.dropInterval().low()).isBetween(0.04, 0.059);
        assertThat(verdict.dropInterval().high()).isBetween(0.059, 0.08);
        assertThat(verdict.worst()).extracting(Pair::id).containsExactly("q59", "q58", "q57", "q56", "q55");
    }

    @Test
    void cannotTellOfADropThatIsShownButMayBeAllowed() {
        var verdict = GATE.judge(pairs(60, i -> i % 2 == 0 ? -0.03 : 0.012), SEEDED);
        assertThat(verdict.drop()).isCloseTo(0.009, within(1e-9));
        assertThat(verdict.pWorse()).isLessThan(0.05);
        assertThat(verdict.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void asksForAValue() {
        var pairs = pairs(100, i -> 0);
        assertThat(new Gate(NDCG, null, 0.3, 0.95).judge(pairs, SEEDED).outcome())
                .isEqualTo(Outcome.PASS);
        var failed = new Gate(NDCG, 0.01, 0.7, 0.95).judge(pairs, SEEDED);
        assertThat(failed.outcome()).isEqualTo(Outcome.FAIL);
        assertThat(failed.reason()).contains("at least 0.7 is asked for");
        assertThat(new Gate(NDCG, null, 0.5, 0.95).judge(pairs, SEEDED).outcome())
                .isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void saysTheSameOfTheSameInAnyOrder() {
        var pairs = new ArrayList<>(pairs(50, i -> -0.001 * (i % 7)));
        var verdict = GATE.judge(pairs, SEEDED);
        Collections.reverse(pairs);
        assertThat(GATE.judge(pairs, SEEDED)).isEqualTo(verdict);
        assertThat(GATE.judge(pairs.subList(1, 50), SEEDED).digest()).isNotEqualTo(verdict.digest());
        assertThat(new Gate(NDCG, 0.02, null, 0.95).judge(pairs, SEEDED).digest())
                .isNotEqualTo(verdict.digest());
        assertThat(GATE.judge(pairs, new Resampling(2)).digest()).isNotEqualTo(verdict.digest());
    }

    @Test
    void refusesAGateThatAsksForNothing() {
        assertThatThrownBy(() -> new Gate(NDCG, null, null, 0.95)).hasMessageContaining("maxDrop, minValue or both");
        assertThatThrownBy(() -> new Gate(NDCG, -0.1, null, 0.95)).hasMessageContaining("from 0 to 1");
        assertThatThrownBy(() -> new Gate(NDCG, 0.01, null, 95)).hasMessageContaining("such as 0.95");
    }

    /** Of 40 values 1 to 40 the mean is 20.5 and its standard error 1.825; the interval at 95 % is 1.96 of them to each side. */
    @Test
    void boundsAMeanByTheBootstrap() {
        var interval =
                SEEDED.interval(IntStream.rangeClosed(1, 40).asDoubleStream().toArray(), 0.95);
        assertThat(interval.low()).isCloseTo(20.5 - 1.96 * 1.825, within(0.25));
        assertThat(interval.high()).isCloseTo(20.5 + 1.96 * 1.825, within(0.25));
    }

    private static List<Pair> pairs(int queries, IntToDoubleFunction difference) {
        var pairs = new ArrayList<Pair>();
        for (var i = 0; i < queries; i++) {
            var live = 0.3 + 0.4 * (i % 5) / 4;
            pairs.add(new Pair("q" + i, "query " + i, live, live + difference.applyAsDouble(i)));
        }
        return pairs;
    }
}
