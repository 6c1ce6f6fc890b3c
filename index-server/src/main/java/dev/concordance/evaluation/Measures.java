package dev.concordance.evaluation;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * How good one ranking is, from 0 to 1, as trec_eval measures it.
 *
 * @param ndcg normalised discounted cumulative gain of the first 10, gains as they were judged
 * @param mrr 1 / rank of the first relevant one of the first 10
 * @param recall share of the relevant ones that are among the first 100
 */
record Measures(double ndcg, double mrr, double recall) {
    static final int NEAR = 10;
    static final int FAR = 100;

    /** @param grades of the judged documents; one that isn't there is not relevant */
    static Measures of(List<String> ranking, Map<String, Integer> grades) {
        var relevant = grades.values().stream().filter(grade -> grade > 0).count();
        var gained = 0.0;
        var first = 0.0;
        var found = 0;
        for (var i = 0; i < Math.min(FAR, ranking.size()); i++) {
            var grade = Math.max(0, grades.getOrDefault(ranking.get(i), 0));
            if (grade > 0) {
                found++;
            }
            if (grade > 0 && i < NEAR) {
                gained += discounted(grade, i);
                first = first == 0 ? 1.0 / (i + 1) : first;
            }
        }
        return new Measures(gained / best(grades), first, (double) found / relevant);
    }

    /** Over all queries alike; all 0 for none. */
    static Measures mean(List<Measures> all) {
        return new Measures(
                all.stream().mapToDouble(Measures::ndcg).average().orElse(0),
                all.stream().mapToDouble(Measures::mrr).average().orElse(0),
                all.stream().mapToDouble(Measures::recall).average().orElse(0));
    }

    private static double best(Map<String, Integer> grades) {
        var sorted = grades.values().stream()
                .filter(grade -> grade > 0)
                .sorted(Comparator.reverseOrder())
                .limit(NEAR)
                .toList();
        var best = 0.0;
        for (var i = 0; i < sorted.size(); i++) {
            best += discounted(sorted.get(i), i);
        }
        return best;
    }

    private static double discounted(int grade, int index) {
        return grade * Math.log(2) / Math.log(index + 2);
    }
}
