package dev.concordance.evaluation.report;

import dev.concordance.evaluation.compare.Pair;
import dev.concordance.evaluation.report.EvaluationReport.Estimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** A report as one page that loads nothing: tables, and drawings that say in words what they show. */
public final class ReportHtml {
    private static final int ROWS = 1000;
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>%1$s</title>
            <style>
            body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff }
            table { border-collapse: collapse } caption { text-align: left; font-weight: 600 }
            th, td { padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #ccc }
            td.n, th.n { text-align: right; font-variant-numeric: tabular-nums } td.q { overflow-wrap: anywhere }
            svg { width: 100%%; height: auto } .better { fill: #00639c } .worse { fill: #b3261e }
            </style>
            </head>
            <body>
            <main>
            <h1>%1$s</h1>
            """;

    private ReportHtml() {}

    /**
     * The page.
     *
     * @param pairs with what it was compared with, for the plot of differences; none: there is no such plot
     */
    public static String of(EvaluationReport report, List<Pair> pairs) {
        var title = "Evaluation of %s, %s".formatted(escape(report.corpus()), escape(report.mode()));
        var page = new StringBuilder(HEAD.formatted(title));
        page.append("<p>%s</p>\n"
                .formatted(escape("%d queries of %s, generation %d. %s"
                        .formatted(
                                report.set().queries(),
                                report.set().name(),
                                report.generation(),
                                ReportText.remarks(report)))));
        measures(page, report.measures());
        var verdict = report.verdict();
        if (verdict != null) {
            page.append("<h2>Verdict: %s</h2>\n<p>%s</p>\n<p>Verdict <code>%s</code></p>\n"
                    .formatted(verdict.outcome(), escape(verdict.reason()), verdict.digest()));
            differences(page, pairs);
        }
        page.append("<h2>Recall by depth</h2>\n")
                .append(Drawing.curve(report.recallByDepth()))
                .append("<h2>Latency</h2>\n")
                .append(Drawing.bars(report.latency()));
        rows(page, report);
        return page.append("</main>\n</body>\n</html>\n").toString();
    }

    /** What HTML would take for markup, as text. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;")
                .replaceAll("[\\p{Cntrl}&&[^\\n]]", "\uFFFD");
    }

    private static void measures(StringBuilder page, List<Estimate> measures) {
        page.append(
                        "<table>\n<caption>Means, and where they lie with 95 % confidence</caption>\n<tr><th scope=\"col\">measure</th>")
                .append("<th scope=\"col\" class=\"n\">mean</th><th scope=\"col\" class=\"n\">from</th>")
                .append("<th scope=\"col\" class=\"n\">to</th><th scope=\"col\" class=\"n\">queries</th></tr>\n");
        for (var measure : measures) {
            page.append(String.format(
                    Locale.ROOT,
                    "<tr><th scope=\"row\">%s</th><td class=\"n\">%.4f</td><td class=\"n\">%.4f</td><td class=\"n\">%.4f</td><td class=\"n\">%d</td></tr>%n",
                    escape(measure.measure()),
                    measure.mean(),
                    measure.low(),
                    measure.high(),
                    measure.queries()));
        }
        page.append("</table>\n");
    }

    private static void differences(StringBuilder page, List<Pair> pairs) {
        if (!pairs.isEmpty()) {
            page.append("<h2>Difference of each query</h2>\n").append(Drawing.differences(pairs));
        }
    }

    private static void rows(StringBuilder page, EvaluationReport report) {
        var names = report.measures().stream().map(Estimate::measure).toList();
        var rows = new ArrayList<>(report.rows());
        if (!names.isEmpty()) {
            rows.sort(Comparator.comparingDouble(row -> row.values().getOrDefault(names.getFirst(), 0.0)));
        }
        page.append(
                "<table>\n<caption>Queries, the worst first%s</caption>\n<tr><th scope=\"col\">id</th><th scope=\"col\">query</th>"
                        .formatted(rows.size() > ROWS ? ": the first %d of %d".formatted(ROWS, rows.size()) : ""));
        names.forEach(name -> page.append("<th scope=\"col\" class=\"n\">%s</th>".formatted(escape(name))));
        page.append("</tr>\n");
        for (var row : rows.subList(0, Math.min(ROWS, rows.size()))) {
            page.append("<tr><td>%s</td><td class=\"q\">%s</td>".formatted(escape(row.id()), escape(row.query())));
            for (var name : names) {
                var value = row.values().get(name);
                page.append("<td class=\"n\">%s</td>"
                        .formatted(value == null ? "" : String.format(Locale.ROOT, "%.4f", value)));
            }
            page.append("</tr>\n");
        }
        page.append("</table>\n");
    }
}
