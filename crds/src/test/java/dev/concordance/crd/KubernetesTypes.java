package dev.concordance.crd;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** What is added to the schemas of Kubernetes's own types, from {@code kubernetes-types.yaml}. */
final class KubernetesTypes {
    private static final YAMLMapper YAML = new YAMLMapper();

    private KubernetesTypes() {}

    /** Partial schemas by the simple names of the types. */
    static Map<String, ObjectNode> additions() {
        try (var in = KubernetesTypes.class.getResourceAsStream("/kubernetes-types.yaml")) {
            return YAML.readValue(in, new TypeReference<>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a partial schema to one; a property that is null in it is taken out. */
    static void add(JSONSchemaProps schema, JsonNode addition) {
        try {
            var rest = (ObjectNode) addition.deepCopy();
            var properties = rest.remove("properties");
            var items = rest.remove("items");
            var values = rest.remove("additionalProperties");
            YAML.readerForUpdating(schema).readValue(rest);
            if (items != null) {
                add(schema.getItems().getSchema(), items);
            }
            if (values != null) {
                add(schema.getAdditionalProperties().getSchema(), values);
            }
            if (properties != null) {
                for (var property : properties.properties()) {
                    if (property.getValue().isNull()) {
                        schema.getProperties().remove(property.getKey());
                    } else {
                        add(schema.getProperties().get(property.getKey()), property.getValue());
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
