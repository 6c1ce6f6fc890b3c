package dev.concordance.evaluation.report;

import dev.concordance.evaluation.compare.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Reports for terminals and spreadsheets. */
public final class ReportText {
    private ReportText() {}

    /**
     * Means a mode, with the interval of each below it.
     *
     * @param reports of the same set and measures, at least one
     */
    public static String table(List<EvaluationReport> reports) {
        var first = reports.getFirst();
        var text = new StringBuilder("%-10s".formatted("mode"));
        first.measures().forEach(measure -> text.append(" %17s".formatted(measure.measure())));
        text.append('\n');
        for (var report : reports) {
            text.append("%-10s".formatted(report.mode()));
            report.measures().forEach(measure -> text.append(String.format(Locale.ROOT, " %17.4f", measure.mean())));
            text.append("\n%-10s".formatted("95 %"));
            report.measures()
                    .forEach(measure -> text.append(" %17s"
                            .formatted(String.format(Locale.ROOT, "(%.4f-%.4f)", measure.low(), measure.high()))));
            text.append('\n');
        }
        return text.toString();
    }

    /** What was left out, and how long answers took. */
    public static String remarks(EvaluationReport report) {
        var set = report.set();
        var text = new StringBuilder();
        if (set.synthetic() > 0) {
            text.append("%d of the queries are synthetic\n".formatted(set.synthetic()));
        }
        if (set.withoutRelevant() > 0) {
            text.append("%d queries without a relevant document are left out\n".formatted(set.withoutRelevant()));
        }
        if (set.gone() > 0) {
            text.append("%d judged documents are gone, such as %s; their judgments are left out\n"
                    .formatted(set.gone(), set.goneIds()));
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "%s: %.0f ms at the median, %.0f ms at the 99th percentile%n",
                        report.mode(),
                        report.latency().p50(),
                        report.latency().p99()))
                .toString();
    }

    /** The verdict, with the queries that lose most. */
    public static String verdict(Verdict verdict) {
        return "%s: %s\n%s%s\n"
                .formatted(
                        verdict.outcome(),
                        verdict.reason(),
                        verdict.worst().stream()
                                .map(pair -> String.format(
                                        Locale.ROOT,
                                        "  %+.4f  %s  %s\n",
                                        pair.difference(),
                                        pair.id(),
                                        pair.text().replaceAll("\\p{Cntrl}", " ")))
                                .collect(Collectors.joining()),
                        "verdict " + verdict.digest());
    }

    /** A line a query (RFC 4180). What a spreadsheet would take for a formula begins with an apostrophe. */
    public static String csv(EvaluationReport report) {
        var measures = report.measures().stream()
                .map(EvaluationReport.Estimate::measure)
                .toList();
        var text = new StringBuilder("id,query,milliseconds");
        measures.forEach(measure -> text.append(',').append(measure));
        text.append("\r\n");
        for (var row : report.rows()) {
            text.append(cell(row.id())).append(',').append(cell(row.query()));
            text.append(String.format(Locale.ROOT, ",%.1f", row.millis()));
            for (var measure : measures) {
                var value = row.values().get(measure);
                text.append(value == null ? "," : String.format(Locale.ROOT, ",%.6f", value));
            }
            text.append("\r\n");
        }
        return text.toString();
    }

    private static String cell(String text) {
        var harmless = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return '"' + harmless.replace("\"", "\"\"") + '"';
    }
}
