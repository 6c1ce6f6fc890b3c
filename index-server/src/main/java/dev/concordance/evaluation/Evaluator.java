package dev.concordance.evaluation;

import dev.concordance.evaluation.judged.JudgedQuery;
import dev.concordance.evaluation.judged.JudgedSet;
import dev.concordance.evaluation.measure.Measure;
import dev.concordance.evaluation.report.EvaluationReport;
import dev.concordance.evaluation.report.EvaluationReport.Asked;
import dev.concordance.evaluation.report.EvaluationReport.Depth;
import dev.concordance.evaluation.report.EvaluationReport.Row;
import dev.concordance.evaluation.report.EvaluationReport.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks the queries of a set and measures what is found.
 *
 * @param condensed unjudged documents are left out before measuring
 * @param seed of the intervals
 */
record Evaluator(SearchClient client, String corpus, List<Measure> measures, boolean condensed, long seed) {
    private static final int AT_ONCE = 4;
    /** Deep enough for whole rankings; a search of another depth ranks other candidates, so all measures share it. */
    private static final int DEPTH = 100;

    private static final int GONE_NAMED = 20;
    private static final List<Integer> DEPTHS = List.of(1, 2, 3, 5, 10, 20, 50, 100);

    private record Measured(Row row, long generation, List<Double> recalls) {}

    EvaluationReport evaluate(JudgedSet set, String mode) {
        var measured = askAll(set.queries(), mode);
        var generations =
                measured.stream().mapToLong(Measured::generation).distinct().toArray();
        var asked = new Asked(
                set.name(),
                set.queries().size(),
                (int) set.queries().stream().filter(JudgedQuery::synthetic).count(),
                set.withoutRelevant(),
                set.gone().size(),
                set.gone().stream().limit(GONE_NAMED).toList());
        var byDepth = new ArrayList<Depth>();
        for (var i = 0; i < DEPTHS.size(); i++) {
            var at = i;
            byDepth.add(new Depth(
                    DEPTHS.get(i),
                    measured.stream()
                            .mapToDouble(one -> one.recalls().get(at))
                            .average()
                            .orElse(0)));
        }
        return EvaluationReport.of(
                new Setting(corpus, generations.length == 1 ? generations[0] : 0, mode, condensed, seed, asked),
                measures,
                byDepth,
                measured.stream().map(Measured::row).toList());
    }

    private List<Measured> askAll(List<JudgedQuery> queries, String mode) {
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            var asked = new ArrayList<Future<Measured>>();
            for (var query : queries) {
                asked.add(threads.submit(() -> measure(query, mode)));
            }
            try {
                var measured = new ArrayList<Measured>();
                for (var one : asked) {
                    measured.add(one.get());
                }
                return measured;
            } catch (ExecutionException e) {
                threads.shutdownNow();
                throw e.getCause() instanceof EvaluationException failure
                        ? failure
                        : new IllegalStateException("asking a query server", e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EvaluationException("interrupted");
        }
    }

    private Measured measure(JudgedQuery query, String mode) {
        var answer = client.ask(query.text(), mode, Math.max(DEPTH, deepest(false)), true);
        var ranking = condensed ? query.judgments().condense(answer.documents()) : answer.documents();
        var values = new LinkedHashMap<String, Double>();
        for (var measure : measures) {
            if (!measure.kind().ofSpans()) {
                values.put(measure.toString(), measure.of(ranking, query.judgments()));
            }
        }
        if (deepest(true) > 0 && !query.excerpts().isEmpty()) {
            var passages = client.ask(query.text(), mode, deepest(true), false).passages();
            for (var measure : measures) {
                if (measure.kind().ofSpans()) {
                    values.put(measure.toString(), measure.of(passages, query.excerpts()));
                }
            }
        }
        return new Measured(
                new Row(query.id(), query.text(), answer.millis(), values),
                answer.generation(),
                DEPTHS.stream()
                        .map(k -> new Measure(Measure.Kind.RECALL, k).of(ranking, query.judgments()))
                        .toList());
    }

    private int deepest(boolean ofSpans) {
        return measures.stream()
                .filter(measure -> measure.kind().ofSpans() == ofSpans)
                .mapToInt(Measure::depth)
                .max()
                .orElse(0);
    }
}
