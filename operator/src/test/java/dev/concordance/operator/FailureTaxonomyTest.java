package dev.concordance.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.QuarantineReason;
import dev.concordance.operator.kube.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The page that explains the reasons explains all of them, and no others. */
final class FailureTaxonomyTest {
    private static final Path PAGE =
            Path.of(System.getProperty("concordance.root", ".."), "docs", "failure-taxonomy.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([A-Za-z0-9]+)` \\|(.*)\\|$");
    private static final Map<String, List<String>> KINDS = Map.of(
            "SearchCluster", List.of("dev.concordance.operator.cluster.ClusterReason"),
            "Corpus", List.of("dev.concordance.operator.corpus.CorpusReason"),
            "IngestionRun", List.of("dev.concordance.operator.run.RunReason", FailureReason.class.getName()),
            "Documents in quarantine", List.of(QuarantineReason.class.getName()),
            "QueryServer", List.of("dev.concordance.operator.query.QueryReason"),
            "ChunkingPolicy", List.of("dev.concordance.operator.chunking.ChunkingReason"),
            "EmbeddingModel", List.of("dev.concordance.operator.model.ModelReason"),
            "Erasure", List.of("dev.concordance.operator.erasure.ErasureReason"));

    @TestFactory
    Stream<DynamicTest> explainsEveryReasonOfEveryKind() throws IOException {
        var explained = explained();
        assertThat(explained.keySet()).isEqualTo(KINDS.keySet());
        return KINDS.entrySet().stream()
                .map(kind -> DynamicTest.dynamicTest(
                        kind.getKey(),
                        () -> assertThat(explained.get(kind.getKey())).isEqualTo(reasons(kind.getValue()))));
    }

    @Test
    void givesEveryReasonASentenceThatTakesItsFacts() throws ReflectiveOperationException {
        for (var kinds : KINDS.values()) {
            for (var kind : kinds) {
                for (var constant : Class.forName(kind).getEnumConstants()) {
                    if (constant instanceof Reason reason) {
                        assertThat(reason.template()).isNotBlank();
                        assertThat(reason.name()).matches("[A-Z][A-Za-z]+");
                    }
                }
            }
        }
    }

    @Test
    void fillsEveryCellOfEveryRow() throws IOException {
        var columns = List.<String>of();
        var rows = 0;
        for (var line : Files.readAllLines(PAGE)) {
            if (line.startsWith("| reason |")) {
                columns = cells(line);
            } else if (ROW.matcher(line).matches()) {
                assertThat(cells(line)).as(line).hasSameSizeAs(columns).noneMatch(String::isBlank);
                rows++;
            }
        }
        assertThat(rows).isGreaterThan(150);
    }

    /** A worker ends with the exit code that says so, and the Job with it. */
    @Test
    void saysOfEachFailureOfARunWhetherItIsTriedAgainAtOnce() throws IOException {
        var told = new TreeMap<String, String>();
        var waits = -1;
        for (var line : Files.readAllLines(PAGE)) {
            if (line.startsWith("| reason |")) {
                waits = cells(line).indexOf("waits");
            } else if (waits > 0 && ROW.matcher(line).matches()) {
                told.put(cells(line).getFirst().replace("`", ""), cells(line).get(waits));
            }
        }
        var asCoded = new TreeMap<String, String>();
        for (var reason : FailureReason.values()) {
            asCoded.put(reason.name(), reason.isPassing() ? "no" : "yes");
        }
        assertThat(told).isEqualTo(asCoded);
    }

    /** No cell has a line of its own in it. */
    private static List<String> cells(String row) {
        return Pattern.compile("\\|")
                .splitAsStream(row.substring(1))
                .map(String::strip)
                .toList();
    }

    private static Map<String, Set<String>> explained() throws IOException {
        var explained = new LinkedHashMap<String, Set<String>>();
        Set<String> section = new TreeSet<>();
        for (var line : Files.readAllLines(PAGE)) {
            if (line.startsWith("## ")) {
                section = new TreeSet<>();
                explained.put(line.substring(3), section);
            }
            var row = ROW.matcher(line);
            if (row.matches()) {
                assertThat(section.add(row.group(1))).as(line).isTrue();
                assertThat(row.group(2)).as(line).isNotBlank();
            }
        }
        return explained;
    }

    private static Set<String> reasons(List<String> enums) throws ReflectiveOperationException {
        var reasons = new TreeSet<String>();
        for (var name : enums) {
            Arrays.stream(Class.forName(name).getEnumConstants())
                    .map(constant -> ((Enum<?>) constant).name())
                    .forEach(reasons::add);
        }
        return reasons;
    }
}
