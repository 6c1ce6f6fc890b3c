package dev.concordance.evaluation.measure;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What someone judged of a query. Measures are those of trec_eval 9 with its relevance level 1; they need a relevant document.
 *
 * @param grades of documents by id, 0 or more; above 0 is relevant
 */
public record Judgments(Map<String, Integer> grades) {
    public Judgments {
        grades = Map.copyOf(grades);
    }

    /** How many documents are relevant. */
    public long relevant() {
        return grades.values().stream().filter(grade -> grade > 0).count();
    }

    /** The ranking without what nobody judged, so that only what is known is measured: the condensed list of Sakai (2007). */
    public List<String> condense(List<String> ranking) {
        return ranking.stream().filter(grades::containsKey).toList();
    }

    /** Only those of documents that there are. */
    public Judgments of(Set<String> documents) {
        return documents.containsAll(grades.keySet())
                ? this
                : new Judgments(grades.entrySet().stream()
                        .filter(grade -> documents.contains(grade.getKey()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    long relevantOf(List<String> seen) {
        return seen.stream().filter(this::isRelevant).count();
    }

    double reciprocalRank(List<String> seen) {
        for (var i = 0; i < seen.size(); i++) {
            if (isRelevant(seen.get(i))) {
                return 1.0 / (i + 1);
            }
        }
        return 0;
    }

    double averagePrecision(List<String> seen) {
        var found = 0;
        var sum = 0.0;
        for (var i = 0; i < seen.size(); i++) {
            if (isRelevant(seen.get(i))) {
                found++;
                sum += (double) found / (i + 1);
            }
        }
        return sum / relevant();
    }

    double ndcg(List<String> seen, int depth) {
        var gained = 0.0;
        for (var i = 0; i < seen.size(); i++) {
            gained += discounted(grade(seen.get(i)), i);
        }
        var ideal = grades.values().stream()
                .filter(grade -> grade > 0)
                .sorted(Comparator.reverseOrder())
                .limit(depth)
                .toList();
        var best = 0.0;
        for (var i = 0; i < ideal.size(); i++) {
            best += discounted(ideal.get(i), i);
        }
        return gained / best;
    }

    double bpref(List<String> seen) {
        var relevant = relevant();
        var bound = Math.min(grades.size() - relevant, relevant);
        var above = 0L;
        var sum = 0.0;
        for (var document : seen) {
            if (isRelevant(document)) {
                sum += above == 0 ? 1 : 1 - (double) Math.min(above, relevant) / bound;
            } else if (grades.containsKey(document)) {
                above++;
            }
        }
        return sum / relevant;
    }

    private boolean isRelevant(String document) {
        return grade(document) > 0;
    }

    private int grade(String document) {
        return grades.getOrDefault(document, 0);
    }

    private static double discounted(int grade, int index) {
        return grade * Math.log(2) / Math.log(index + 2);
    }
}
