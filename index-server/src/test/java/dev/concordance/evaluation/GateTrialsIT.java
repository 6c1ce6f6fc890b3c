package dev.concordance.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.evaluation.compare.Gate;
import dev.concordance.evaluation.compare.Pair;
import dev.concordance.evaluation.compare.Resampling;
import dev.concordance.evaluation.compare.Verdict.Outcome;
import dev.concordance.evaluation.judged.JudgedSet;
import dev.concordance.evaluation.measure.Measure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/**
 * How often a gate is wrong. In a trial a part of the queries is drawn; a tenth of them find something else in the candidate, as many
 * better as worse by chance; of the others, so many that the mean falls as told find nothing. See docs/evaluation.md.
 */
class GateTrialsIT {
    private static final int TRIALS = 200;
    private static final Measure NDCG = Measure.parse("ndcg@10");
    private static final Gate GATE = new Gate(NDCG, 0.02, null, 0.95);

    @Test
    void failsNoMoreThanOneEqualCandidateInTwenty() throws Exception {
        var values = values();
        for (var queries : List.of(50, 200, 800)) {
            var equal = trials(values, queries, 0);
            assertThat(equal.getOrDefault(Outcome.FAIL, 0)).isLessThanOrEqualTo(TRIALS / 20);
            assertThat(equal.getOrDefault(Outcome.PASS, 0)).isGreaterThanOrEqualTo(queries < 800 ? 0 : TRIALS * 4 / 5);
        }
    }

    @Test
    void findsDropsTheMoreTheLargerTheyAre() throws Exception {
        var values = values();
        var last = 0;
        for (var drop : List.of(0.01, 0.02, 0.05)) {
            var outcomes = trials(values, 800, drop);
            var found = outcomes.getOrDefault(Outcome.FAIL, 0);
            assertThat(found).isGreaterThanOrEqualTo(last);
            last = found;
            // At the margin a pass is wrong, and may be so once in twenty, give or take what 200 trials tell.
            assertThat(outcomes.getOrDefault(Outcome.PASS, 0)).isLessThanOrEqualTo(drop < 0.02 ? TRIALS : TRIALS / 6);
        }
        assertThat(last).isGreaterThan(TRIALS * 9 / 10);
    }

    /** Where few are asked, queries that find nothing any more may be among none of them: the bootstrap can't know. */
    @Test
    void passesMoreOfWhatIsWorseByFewQueries() throws Exception {
        var values = values();
        assertThat(trials(values, 50, 0.02).getOrDefault(Outcome.PASS, 0)).isLessThan(TRIALS / 3);
        assertThat(trials(values, 200, 0.02).getOrDefault(Outcome.PASS, 0)).isLessThan(TRIALS / 6);
    }

    private static Map<Outcome, Integer> trials(List<Double> values, int queries, double drop) {
        var outcomes = new EnumMap<Outcome, Integer>(Outcome.class);
        var mean = values.stream().mapToDouble(value -> value).average().orElseThrow();
        for (var trial = 0; trial < TRIALS; trial++) {
            var random = RandomGeneratorFactory.of("L64X128MixRandom").create(trial);
            var drawn = new ArrayList<>(values);
            Collections.shuffle(drawn, random);
            var pairs = new ArrayList<Pair>();
            for (var i = 0; i < queries; i++) {
                var live = drawn.get(i % drawn.size());
                pairs.add(pair(i, live, drawn.get(random.nextInt(drawn.size())), drop / mean, random));
            }
            outcomes.merge(GATE.judge(pairs, new Resampling(trial)).outcome(), 1, Integer::sum);
        }
        System.out.printf("| %d | %.2f | %s |%n", queries, drop, outcomes);
        return outcomes;
    }

    private static Pair pair(int number, double live, double other, double lost, RandomGenerator random) {
        var differs = random.nextInt(10) == 0;
        var swapped = random.nextBoolean();
        var candidate = differs ? other : live;
        var before = differs && swapped ? candidate : live;
        var after = differs && swapped ? live : candidate;
        return new Pair("q" + number, "", before, random.nextDouble() < lost ? 0 : after);
    }

    /** Of SciFact's queries by words alone where the set is there, else such values as nDCG takes with one relevant document. */
    private static List<Double> values() throws Exception {
        var data = System.getProperty("concordance.data", "");
        var values = new ArrayList<Double>();
        if (data.isEmpty()) {
            for (var i = 0; i < 800; i++) {
                values.add(i % 4 == 0 ? 0 : Math.log(2) / Math.log(2 + (i % 4 == 1 ? i / 4 % 9 : 0)));
            }
            return values;
        }
        var folder = Path.of(data, "scifact");
        var run = LexicalRun.over(folder);
        for (var query :
                JudgedSet.ofBeir(folder, "train", JudgedSet.Limits.DEFAULT).queries()) {
            values.add(NDCG.of(run.rank(query.text()), query.judgments()));
        }
        return values;
    }
}
