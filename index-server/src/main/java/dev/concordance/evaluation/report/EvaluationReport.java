package dev.concordance.evaluation.report;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.concordance.evaluation.compare.Pair;
import dev.concordance.evaluation.compare.Resampling;
import dev.concordance.evaluation.compare.Verdict;
import dev.concordance.evaluation.measure.Measure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the queries of a set found, in one mode of search.
 *
 * @param generation that answered; 0: several did
 * @param condensed whether unjudged documents were left out before measuring
 * @param recallByDepth means
 * @param rows a query each; none in a summary
 * @param verdict against what it was compared with
 */
public record EvaluationReport(
        String corpus,
        long generation,
        String mode,
        boolean condensed,
        long seed,
        Asked set,
        List<Estimate> measures,
        List<Depth> recallByDepth,
        Latency latency,
        List<Row> rows,
        @Nullable Verdict verdict) {
    /** Of the interval of each mean. */
    public static final double CONFIDENCE = 0.95;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public EvaluationReport {
        measures = List.copyOf(measures);
        recallByDepth = List.copyOf(recallByDepth);
        rows = List.copyOf(rows);
    }

    /**
     * What was asked.
     *
     * @param synthetic so many of the queries were made of documents
     * @param withoutRelevant so many were left out, because nothing is judged relevant to them
     * @param gone so many judged documents the index doesn't have
     * @param goneIds the first of them
     */
    public record Asked(String name, int queries, int synthetic, int withoutRelevant, int gone, List<String> goneIds) {
        public Asked {
            goneIds = List.copyOf(goneIds);
        }
    }

    /**
     * A mean with its bootstrap interval at 95 %.
     *
     * @param queries over which it is: those with excerpts for measures of passages
     */
    public record Estimate(String measure, int queries, double mean, double low, double high) {}

    /** The mean recall of the first k documents. */
    public record Depth(int k, double recall) {}

    /** Of the queries' answers, in milliseconds as the client saw them, by nearest rank. */
    public record Latency(double p50, double p90, double p95, double p99, double max) {
        static Latency of(List<Row> rows) {
            var sorted = rows.stream().mapToDouble(Row::millis).sorted().toArray();
            return new Latency(at(sorted, 50), at(sorted, 90), at(sorted, 95), at(sorted, 99), at(sorted, 100));
        }

        private static double at(double[] sorted, int percent) {
            return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(percent / 100.0 * sorted.length) - 1];
        }
    }

    /**
     * A query.
     *
     * @param values by measure
     */
    public record Row(String id, String query, double millis, Map<String, Double> values) {
        public Row {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    /** What does not come of the rows. */
    public record Setting(String corpus, long generation, String mode, boolean condensed, long seed, Asked set) {}

    /** Sums up. */
    public static EvaluationReport of(
            Setting setting, List<Measure> measures, List<Depth> recallByDepth, List<Row> rows) {
        var estimates = measures.stream()
                .map(measure -> estimate(measure.toString(), rows, setting.seed()))
                .toList();
        return new EvaluationReport(
                setting.corpus(),
                setting.generation(),
                setting.mode(),
                setting.condensed(),
                setting.seed(),
                setting.set(),
                estimates,
                recallByDepth,
                Latency.of(rows),
                rows,
                null);
    }

    /** Reads what {@link #json} wrote; throws IllegalArgumentException for anything else. */
    public static EvaluationReport read(Path file) {
        try {
            return JSON.readValue(file.toFile(), EvaluationReport.class);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " is no report that --output json wrote: " + e.getMessage(), e);
        }
    }

    /** The report in JSON. */
    public String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is small however many queries there are. */
    public EvaluationReport summary() {
        return with(List.of(), verdict);
    }

    /** With what a gate says. */
    public EvaluationReport judged(Verdict verdict) {
        return with(rows, verdict);
    }

    /**
     * The queries that this one, the candidate, and the live one were both asked. Throws IllegalArgumentException if there are none, or
     * one of them has two texts.
     */
    public List<Pair> pairs(EvaluationReport live, Measure measure) {
        if (condensed != live.condensed) {
            throw new IllegalArgumentException(
                    "one of the two reports is of condensed rankings: they can't be compared");
        }
        var before = new HashMap<String, Row>();
        live.rows.forEach(row -> before.put(row.id(), row));
        var pairs = new ArrayList<Pair>();
        for (var row : rows) {
            var old = before.get(row.id());
            var value = row.values().get(measure.toString());
            var oldValue = old == null ? null : old.values().get(measure.toString());
            if (old == null || value == null || oldValue == null) {
                continue;
            }
            if (!old.query().equals(row.query())) {
                throw new IllegalArgumentException(
                        "the query %s has another text in each report: they are of different sets".formatted(row.id()));
            }
            pairs.add(new Pair(row.id(), row.query(), oldValue, value));
        }
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException(
                    "the reports have no query in common that %s was measured of".formatted(measure));
        }
        return pairs;
    }

    private EvaluationReport with(List<Row> others, @Nullable Verdict judgment) {
        return new EvaluationReport(
                corpus, generation, mode, condensed, seed, set, measures, recallByDepth, latency, others, judgment);
    }

    private static Estimate estimate(String measure, List<Row> rows, long seed) {
        var values = rows.stream()
                .filter(row -> row.values().containsKey(measure))
                .mapToDouble(row -> row.values().getOrDefault(measure, 0.0))
                .toArray();
        var interval = new Resampling(seed).interval(values, CONFIDENCE);
        var mean = Arrays.stream(values).average().orElse(0);
        return new Estimate(measure, values.length, mean, interval.low(), interval.high());
    }
}
