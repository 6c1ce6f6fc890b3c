package dev.concordance.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What holds for every field of every kind. */
class SchemaTest {
    private static final Map<String, CustomResourceDefinition> DEFINITIONS = CrdGenerator.definitions();
    private static final Pattern OF_KUBERNETES =
            Pattern.compile("podTemplate[.](affinity|tolerations|topologySpreadConstraints|env)|spec[.]corpora");

    @Test
    void describesEveryFieldInSentences() {
        var without = new ArrayList<String>();
        forEachSchema("", (path, schema) -> {
            var description = schema.getDescription();
            var isElement = path.endsWith("[]") || path.endsWith("{}");
            if (!isElement && (description == null || !description.matches("(?s)[A-Z].{8,}[^ ]"))) {
                without.add(path);
            }
        });
        assertThat(without).as("fields that kubectl explain says nothing about").isEmpty();
    }

    @Test
    void namesTheDefaultOfWhatMayBeLeftOut() {
        var without = new ArrayList<String>();
        forEachSchema("spec", (path, schema) -> {
            if (schema.getProperties() != null && !OF_KUBERNETES.matcher(path).find()) {
                schema.getProperties().forEach((name, field) -> {
                    var optional = schema.getRequired() == null
                            || !schema.getRequired().contains(name);
                    var scalar = List.of("string", "integer", "boolean").contains(field.getType());
                    if (optional
                            && scalar
                            && !name.equals("url")
                            && !field.getDescription().contains("Default")) {
                        without.add(path + "." + name);
                    }
                });
            }
        });
        assertThat(without).as("fields whose description names no default").isEmpty();
    }

    @Test
    void boundsEverythingThatUsersWrite() {
        var unbounded = new ArrayList<String>();
        forEachSchema("spec", (path, schema) -> {
            var bounded = switch (String.valueOf(schema.getType())) {
                case "string" -> schema.getMaxLength() != null;
                case "array" -> schema.getMaxItems() != null;
                case "integer" -> schema.getMinimum() != null && schema.getMaximum() != null;
                case "object" -> schema.getAdditionalProperties() == null || schema.getMaxProperties() != null;
                default -> true;
            };
            if (!bounded) {
                unbounded.add(path);
            }
        });
        assertThat(unbounded)
                .as(
                        "an unbounded field lets no rule walk it, and a number that does not fit stops the operator's informers")
                .isEmpty();
    }

    @Test
    void saysWithEachRuleWhatToWriteInstead() {
        var messages = new TreeSet<String>();
        forEachSchema("", (path, schema) -> {
            if (schema.getXKubernetesValidations() != null) {
                schema.getXKubernetesValidations()
                        .forEach(rule -> messages.add(Objects.requireNonNullElse(rule.getMessage(), "")));
            }
        });
        assertThat(messages).hasSizeGreaterThan(50).allMatch(message -> message.length() > 12);
    }

    @Test
    void holdsClosedSetsAsStringsSoThatNoNewValueStopsAnInformer() {
        forEachSchema(
                "",
                (path, schema) -> assertThat(schema.getEnum())
                        .as("%s: write a rule instead of an enum", path)
                        .isNullOrEmpty());
    }

    private static void forEachSchema(String part, BiConsumer<String, JSONSchemaProps> visitor) {
        DEFINITIONS.forEach((kind, definition) -> {
            var root = definition.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
            walk(
                    part.isEmpty() ? kind : kind + "." + part,
                    part.isEmpty() ? root : root.getProperties().get(part),
                    visitor);
        });
    }

    private static void walk(String path, JSONSchemaProps schema, BiConsumer<String, JSONSchemaProps> visitor) {
        visitor.accept(path, schema);
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, field) -> walk(path + "." + name, field, visitor));
        }
        if (schema.getItems() != null) {
            walk(path + "[]", schema.getItems().getSchema(), visitor);
        }
        if (schema.getAdditionalProperties() != null) {
            walk(path + "{}", schema.getAdditionalProperties().getSchema(), visitor);
        }
    }
}
