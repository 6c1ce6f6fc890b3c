package dev.concordance.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.impact.FieldImpacts;
import dev.concordance.impact.Impact;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldImpactsTest {
    private static final String REGENERATE = "./mvnw -q -pl crds test -Dtest=FieldImpactsTest -Dregenerate=true";
    private static final Path PAGE =
            Path.of(System.getProperty("concordance.root")).resolve("docs/generations.md");
    private static final List<String> KINDS = List.of("Corpus", "ChunkingPolicy", "EmbeddingModel");
    private static final String HEADER = "| a change of | takes at most | in |\n";

    @ParameterizedTest
    @ValueSource(strings = {"Corpus", "ChunkingPolicy", "EmbeddingModel"})
    void classifiesEveryFieldAndNoOther(String kind) {
        var definition = Objects.requireNonNull(CrdGenerator.definitions().get(kind));
        var spec = definition
                .getSpec()
                .getVersions()
                .getFirst()
                .getSchema()
                .getOpenAPIV3Schema()
                .getProperties()
                .get("spec");
        var fields = new TreeSet<String>();
        collect(spec, "", fields);
        assertThat(new TreeSet<>(FieldImpacts.of(kind).keySet()))
                .as("add a new field to FieldImpacts: a plan tells what its change takes")
                .isEqualTo(fields);
    }

    @Test
    void isWhatTheDocsSay() throws IOException {
        var text = Files.readString(PAGE);
        var begin = text.indexOf(HEADER);
        var rest = text.indexOf("\n\n", begin);
        var told = text.substring(0, begin) + table() + (rest < 0 ? "" : text.substring(rest + 1));
        if (Boolean.getBoolean("regenerate")) {
            Files.writeString(PAGE, told);
        }
        assertThat(Files.readString(PAGE))
                .as("%s is not what FieldImpacts says; run: %s", PAGE, REGENERATE)
                .isEqualTo(told);
    }

    private static String table() {
        var table = new StringBuilder(HEADER).append("|---|---|---|\n");
        for (var kind : KINDS) {
            var byImpact = new TreeMap<Impact, Map<Boolean, Set<String>>>(Comparator.reverseOrder());
            FieldImpacts.of(kind)
                    .forEach((path, field) -> byImpact.computeIfAbsent(field.impact(), impact -> new TreeMap<>())
                            .computeIfAbsent(field.beside(), place -> new TreeSet<>())
                            .add("`" + path + "`"));
            byImpact.forEach((impact, places) -> places.forEach((beside, paths) -> table.append(
                    "| %s %s | %s | %s |\n".formatted(kind, String.join(", ", paths), impact, place(impact, beside)))));
        }
        return table.toString();
    }

    private static String place(Impact impact, boolean beside) {
        if (impact == Impact.NONE) {
            return "";
        }
        return beside ? "another generation" : "the one that serves";
    }

    private static void collect(JSONSchemaProps schema, String path, Set<String> fields) {
        if (schema.getItems() != null) {
            collect(schema.getItems().getSchema(), path + "[]", fields);
        } else if (schema.getProperties() == null || schema.getProperties().isEmpty()) {
            fields.add(path);
        } else {
            schema.getProperties()
                    .forEach((name, field) -> collect(field, path.isEmpty() ? name : path + "." + name, fields));
        }
    }
}
