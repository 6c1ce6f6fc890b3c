package dev.concordance.operator.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The page that describes the metrics, {@code docs/metrics.md}. */
public final class MetricsPage {
    private static final Path PAGE = Path.of(System.getProperty("concordance.root", ".."), "docs", "metrics.md");
    private static final Pattern ROW = Pattern.compile(
            "^\\| `(concordance_[a-z_]+)` \\| (gauge|counter|histogram) \\| ([a-z`, ]*)\\| ([^|]+) \\| ([^|]+) \\|$");
    private static final Pattern LABEL = Pattern.compile("`([a-z]+)`");

    private MetricsPage() {}

    /** What it says of a metric. */
    public record Row(String type, Set<String> labels) {}

    /** The metrics by their names in Prometheus. */
    public static Map<String, Row> rows() {
        var rows = new TreeMap<String, Row>();
        try {
            for (var line : Files.readAllLines(PAGE)) {
                var row = ROW.matcher(line);
                if (line.startsWith("| `")) {
                    assertThat(row.matches()).as("a row of five cells: " + line).isTrue();
                    var labels = LABEL.matcher(row.group(3))
                            .results()
                            .map(label -> label.group(1))
                            .collect(Collectors.toCollection(TreeSet::new));
                    assertThat(rows.put(row.group(1), new Row(row.group(2), labels)))
                            .as("described twice: " + line)
                            .isNull();
                }
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails unless the page describes all that was registered, with these types and labels. */
    public static void describes(MeterRegistry registry) {
        var rows = rows();
        for (var meter : registry.getMeters()) {
            var id = meter.getId();
            var labels = id.getTags().stream().map(Tag::getKey).collect(Collectors.toCollection(TreeSet::new));
            assertThat(rows).containsEntry(name(id.getName(), type(id.getType())), new Row(type(id.getType()), labels));
        }
    }

    /** As Prometheus has it. */
    public static String name(String meter, String type) {
        var name = meter.replace('.', '_');
        return switch (type) {
            case "counter" -> name + "_total";
            case "histogram" -> name + "_seconds";
            default -> name;
        };
    }

    private static String type(Meter.Type type) {
        return switch (type) {
            case COUNTER -> "counter";
            case TIMER -> "histogram";
            case GAUGE -> "gauge";
            case DISTRIBUTION_SUMMARY, LONG_TASK_TIMER, OTHER -> throw new AssertionError("no such meter is exported");
        };
    }
}
