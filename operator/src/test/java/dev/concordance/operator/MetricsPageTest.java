package dev.concordance.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.operator.kube.ConditionMeters;
import dev.concordance.operator.kube.StepLog;
import dev.concordance.operator.testing.MetricsPage;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page that describes the metrics describes all that are in the code, and no others. */
final class MetricsPageTest {
    private static final Path ROOT = Path.of(System.getProperty("concordance.root", ".."));
    private static final List<String> MODULES = List.of("operator", "index-server");

    /** A meter where it is made: its type, and its name. */
    private static final List<Pattern> MADE = List.of(
            Pattern.compile("(Gauge|Counter|Timer)\\.builder\\(\\s*\"(concordance\\.[a-z.]*[a-z])\""),
            Pattern.compile("meters\\.(counter)\\(\\s*\"(concordance\\.[a-z.]*[a-z])\""),
            Pattern.compile("(gauge)\\(\\s*meters,\\s*\"(concordance\\.[a-z.]*[a-z])\""));

    private static final Pattern OF_A_CORPUS = Pattern.compile("gauge\\(\\s*added,\\s*corpus,\\s*\"([a-z.]+)\"");

    @Test
    void describesEveryMetricInTheCodeAndNoOther() throws IOException {
        var made = new TreeMap<String, String>();
        for (var module : MODULES) {
            try (var files = Files.walk(ROOT.resolve(module + "/src/main/java"))) {
                for (var file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    made.putAll(made(Files.readString(file)));
                }
            }
        }
        var described = new TreeMap<String, String>();
        MetricsPage.rows().forEach((name, row) -> described.put(name, row.type()));
        assertThat(described).isEqualTo(made);
    }

    @Test
    void describesLabelsAsTheyAre() {
        var registry = new SimpleMeterRegistry();
        var corpus = new Corpus();
        corpus.setMetadata(
                new ObjectMetaBuilder().withName("a").withNamespace("b").build());
        new ConditionMeters(registry)
                .update(
                        corpus,
                        List.of(new ConditionBuilder()
                                .withType("Ready")
                                .withStatus("True")
                                .build()));
        new StepLog(registry).done(corpus, "a step");
        assertThat(registry.getMeters()).hasSize(2);
        MetricsPage.describes(registry);
    }

    private static Map<String, String> made(String code) {
        var made = new TreeMap<String, String>();
        for (var pattern : MADE) {
            pattern.matcher(code).results().forEach(found -> {
                var type = found.group(1).equals("Timer")
                        ? "histogram"
                        : found.group(1).toLowerCase(Locale.ROOT);
                made.put(MetricsPage.name(found.group(2), type), type);
            });
        }
        OF_A_CORPUS
                .matcher(code)
                .results()
                .forEach(found -> made.put(MetricsPage.name("concordance.corpus." + found.group(1), "gauge"), "gauge"));
        return made;
    }
}
