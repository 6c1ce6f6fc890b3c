package dev.concordance.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.impact.FieldImpacts;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldImpactsTest {
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
