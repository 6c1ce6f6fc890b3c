package dev.concordance.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the generator leaves to be done: columns in the order of their declaration, descriptions of kinds, what the schemas
 * of Kubernetes's own types lack, and each rule once where a record's field and accessor both carry it.
 */
final class Finishing {
    private final Map<String, ObjectNode> additions;

    private Finishing(Map<String, ObjectNode> additions) {
        this.additions = additions;
    }

    static void finish(CustomResourceDefinition definition, Class<? extends CustomResource<?, ?>> kind) {
        for (var version : definition.getSpec().getVersions()) {
            version.setAdditionalPrinterColumns(columns(kind));
            var schema = version.getSchema().getOpenAPIV3Schema();
            schema.setDescription(description(kind));
            schema.setRequired(List.of("spec"));
            var types = ((java.lang.reflect.ParameterizedType) kind.getGenericSuperclass()).getActualTypeArguments();
            var finishing = new Finishing(KubernetesTypes.additions());
            finishing.part(schema, "spec", types[0]);
            finishing.part(schema, "status", types[1]);
        }
    }

    private void part(JSONSchemaProps schema, String name, Type type) {
        var part = schema.getProperties().get(name);
        part.setDescription(description((Class<?>) type));
        walk(part, type);
    }

    private void walk(JSONSchemaProps schema, Type type) {
        var raw = SchemaTypes.raw(type);
        if (raw.getName().startsWith("io.fabric8.")) {
            KubernetesTypes.add(schema, additions.get(raw.getSimpleName()));
        }
        if (schema.getXKubernetesValidations() != null) {
            schema.setXKubernetesValidations(
                    schema.getXKubernetesValidations().stream().distinct().toList());
        }
        if (schema.getItems() != null) {
            walk(schema.getItems().getSchema(), SchemaTypes.argument(type, 0));
        } else if (schema.getAdditionalProperties() != null) {
            walk(schema.getAdditionalProperties().getSchema(), SchemaTypes.argument(type, 1));
        } else if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, property) -> walk(property, SchemaTypes.property(raw, name)));
        }
    }

    private static String description(Class<?> type) {
        return Objects.requireNonNull(type.getAnnotation(JsonClassDescription.class), type::getName)
                .value();
    }

    private static List<CustomResourceColumnDefinition> columns(Class<?> kind) {
        return Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(column -> new CustomResourceColumnDefinitionBuilder()
                        .withName(column.name())
                        .withType(column.type().getValue())
                        .withJsonPath(column.jsonPath())
                        .withPriority(column.priority())
                        .build())
                .toList();
    }
}
