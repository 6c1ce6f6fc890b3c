package dev.concordance.evaluation.report;

import dev.concordance.evaluation.compare.Pair;
import dev.concordance.evaluation.report.EvaluationReport.Depth;
import dev.concordance.evaluation.report.EvaluationReport.Latency;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Drawings in SVG; each has a label for those who don't see it. */
final class Drawing {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 240;

    private Drawing() {}

    /** Bars from the query that loses most to the one that gains most. */
    static String differences(List<Pair> pairs) {
        var sorted = pairs.stream()
                .sorted(Comparator.comparingDouble(Pair::difference))
                .toList();
        var worse = pairs.stream().filter(pair -> pair.difference() < 0).count();
        var better = pairs.stream().filter(pair -> pair.difference() > 0).count();
        var bars = new StringBuilder();
        var each = (double) WIDTH / sorted.size();
        for (var i = 0; i < sorted.size(); i++) {
            var difference = sorted.get(i).difference();
            if (difference != 0) {
                var height = Math.abs(difference) * HEIGHT / 2;
                bars.append(format(
                        "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>",
                        difference < 0 ? "worse" : "better",
                        i * each,
                        difference < 0 ? HEIGHT / 2.0 : HEIGHT / 2.0 - height,
                        each,
                        height));
            }
        }
        bars.append(format("<path d=\"M0 %d H%d\" stroke=\"#1b1b1b\"/>", HEIGHT / 2, WIDTH));
        return svg(
                "%d queries are worse, %d better, %d equal".formatted(worse, better, pairs.size() - worse - better),
                bars.toString());
    }

    /** Recall against depth, the depth in logarithmic steps. */
    static String curve(List<Depth> depths) {
        if (depths.isEmpty()) {
            return "";
        }
        var last = Math.log(Math.max(2, depths.getLast().k()));
        var drawn = new StringBuilder("<path fill=\"none\" stroke=\"#00639c\" stroke-width=\"2\" d=\"");
        var labels = new StringBuilder();
        for (var i = 0; i < depths.size(); i++) {
            var depth = depths.get(i);
            var x = 40 + Math.log(depth.k()) / last * (WIDTH - 100);
            var y = HEIGHT - 30 - depth.recall() * (HEIGHT - 60);
            drawn.append(format("%s%.2f %.2f ", i == 0 ? "M" : "L", x, y));
            labels.append(format(
                            "<text x=\"%.2f\" y=\"%.2f\" font-size=\"12\">%.3f</text>", x + 4, y - 6, depth.recall()))
                    .append(format("<text x=\"%.2f\" y=\"%d\" font-size=\"12\">%d</text>", x, HEIGHT - 8, depth.k()));
        }
        return svg(
                depths.stream()
                        .map(depth -> format(
                                "%.3f of the relevant documents are among the first %d", depth.recall(), depth.k()))
                        .collect(Collectors.joining("; ")),
                drawn.append("\"/>").append(labels).toString());
    }

    /** A bar a percentile. */
    static String bars(Latency latency) {
        var names = List.of("p50", "p90", "p95", "p99", "max");
        var values = List.of(latency.p50(), latency.p90(), latency.p95(), latency.p99(), latency.max());
        var longest = Math.max(1e-9, latency.max());
        var bars = new StringBuilder();
        for (var i = 0; i < names.size(); i++) {
            bars.append(format("<text x=\"0\" y=\"%d\" font-size=\"14\">%s</text>", 30 + 40 * i, names.get(i)))
                    .append(format(
                            "<rect class=\"better\" x=\"50\" y=\"%d\" width=\"%.2f\" height=\"24\"/>",
                            12 + 40 * i, values.get(i) / longest * (WIDTH - 150)))
                    .append(format(
                            "<text x=\"%.2f\" y=\"%d\" font-size=\"14\">%.1f ms</text>",
                            56 + values.get(i) / longest * (WIDTH - 150), 30 + 40 * i, values.get(i)));
        }
        return svg(
                format("%.1f ms at the median, %.1f ms at the 99th percentile", latency.p50(), latency.p99()),
                bars.toString());
    }

    private static String svg(String label, String content) {
        return "<svg role=\"img\" viewBox=\"0 0 %d %d\" aria-label=\"%s\"><title>%s</title>%s</svg>\n"
                .formatted(WIDTH, HEIGHT, label, label, content);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
