package dev.concordance.crd;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes {@code docs/api-reference.md} from the definitions, fields in the order in which the types declare them. */
final class ApiReference {
    private final StringBuilder text = new StringBuilder();
    private final Map<String, CustomResourceDefinition> definitions = CrdGenerator.definitions();

    private ApiReference() {}

    static String markdown() {
        var reference = new ApiReference();
        reference.introduction();
        for (var kind : CrdGenerator.KINDS) {
            var types = ((ParameterizedType) kind.getGenericSuperclass()).getActualTypeArguments();
            var definition = Objects.requireNonNull(reference.definitions.get(kind.getSimpleName()));
            reference.kind(definition, types);
        }
        return reference.text.toString();
    }

    private void introduction() {
        line("<!-- Generated from the types in crds; to change it, change them and run");
        line("     " + CrdDriftTest.REGENERATE + " -->");
        line("# API reference");
        line("");
        line(resource("/reference/introduction.md").strip());
        line("");
        line("| kind | what it declares | short name |");
        line("|---|---|---|");
        for (var definition : CrdGenerator.KINDS.stream()
                .map(kind -> definitions.get(kind.getSimpleName()))
                .toList()) {
            var names = definition.getSpec().getNames();
            var kind = names.getKind();
            line("| [" + kind + "](#" + kind.toLowerCase(Locale.ROOT) + ") | " + firstSentence(schema(definition))
                    + " | `" + String.join("`, `", names.getShortNames()) + "` |");
        }
    }

    private void kind(CustomResourceDefinition definition, Type[] types) {
        var names = definition.getSpec().getNames();
        var root = schema(definition);
        line("");
        line("## " + names.getKind());
        line("");
        line(root.getDescription());
        line("");
        line("```yaml");
        line(resource("/reference/" + names.getKind().toLowerCase(Locale.ROOT) + ".yaml")
                .strip());
        line("```");
        rules(root).ifPresent(rules -> {
            line("");
            line("Rules: " + rules + ".");
        });
        line("");
        line("`kubectl get " + names.getPlural() + "` shows " + columns(definition, 0) + "; `-o wide` also "
                + columns(definition, 1) + ".");
        part(root.getProperties().get("spec"), "spec", types[0]);
        part(root.getProperties().get("status"), "status", types[1]);
    }

    private void part(JSONSchemaProps schema, String name, Type type) {
        line("");
        line("### " + name);
        line("");
        line(schema.getDescription());
        table(schema, name, type);
    }

    private void table(JSONSchemaProps schema, String path, Type type) {
        rules(schema).ifPresent(rules -> {
            line("");
            line("Rules: " + rules + ".");
        });
        line("");
        line("| " + path + " | type | |");
        line("|---|---|---|");
        var nested = new ArrayList<Runnable>();
        for (RecordComponent component : ((Class<?>) type).getRecordComponents()) {
            var name = component.getName();
            var field = schema.getProperties().get(name);
            var required = schema.getRequired() != null && schema.getRequired().contains(name);
            line("| `" + name + "`" + (required ? " (required)" : "") + " | " + type(field, component.getGenericType())
                    + " | " + cell(field) + " |");
            var element = element(component.getGenericType());
            if (element instanceof Class<?> record && record.isRecord()) {
                var below = path + "." + name + (field.getItems() == null ? "" : "[]");
                var content =
                        field.getItems() == null ? field : field.getItems().getSchema();
                nested.add(() -> section(content, below, record));
            }
        }
        nested.forEach(Runnable::run);
    }

    private void section(JSONSchemaProps schema, String path, Class<?> type) {
        if (type.getSimpleName().endsWith("Reference")) {
            return;
        }
        line("");
        line("#### " + path);
        table(schema, path, type);
    }

    private static Type element(Type type) {
        return SchemaTypes.raw(type) == List.class ? SchemaTypes.argument(type, 0) : type;
    }

    private static String type(JSONSchemaProps field, Type type) {
        var raw = SchemaTypes.raw(element(type));
        var bounds = bounds(field);
        if (field.getItems() != null) {
            var kind = "map".equals(field.getXKubernetesListType())
                    ? "list by " + field.getXKubernetesListMapKeys().getFirst()
                    : Objects.requireNonNullElse(field.getXKubernetesListType(), "list");
            var of = raw.isRecord() ? "" : " of " + name(raw, field.getItems().getSchema());
            return (kind.equals("atomic") ? "list" : kind) + of + bounds;
        }
        if (field.getAdditionalProperties() != null) {
            return "map of strings" + bounds;
        }
        return name(raw, field) + bounds;
    }

    private static String name(Class<?> raw, JSONSchemaProps schema) {
        if (raw.getName().startsWith("io.fabric8.")) {
            return raw.getSimpleName() + " of Kubernetes";
        }
        if (raw.getSimpleName().endsWith("Reference")) {
            return schema.getProperties().keySet().stream().sorted().collect(Collectors.joining(", ", "{", "}"));
        }
        return raw.isRecord() ? "object" : schema.getType();
    }

    private static String bounds(JSONSchemaProps field) {
        if (field.getMinimum() != null && field.getMaximum() != null) {
            return ", " + field.getMinimum().longValue() + " to "
                    + field.getMaximum().longValue();
        }
        if (field.getMaxItems() != null) {
            var least = field.getMinItems() == null ? 0 : field.getMinItems();
            return ", " + least + " to " + field.getMaxItems();
        }
        return field.getMaxProperties() == null ? "" : ", at most " + field.getMaxProperties();
    }

    /** The rules of an object stand with its own table. */
    private static String cell(JSONSchemaProps field) {
        var rules = field.getProperties() == null ? rules(field) : Optional.<String>empty();
        return escaped(field.getDescription())
                + rules.map(said -> "<br>Rules: " + said).orElse("");
    }

    private static String escaped(String sentence) {
        return sentence.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;");
    }

    private static Optional<String> rules(JSONSchemaProps schema) {
        return schema.getXKubernetesValidations() == null
                        || schema.getXKubernetesValidations().isEmpty()
                ? Optional.empty()
                : Optional.of(schema.getXKubernetesValidations().stream()
                        .map(ValidationRule::getMessage)
                        .map(ApiReference::escaped)
                        .collect(Collectors.joining("; ")));
    }

    private static String columns(CustomResourceDefinition definition, int priority) {
        return definition.getSpec().getVersions().getFirst().getAdditionalPrinterColumns().stream()
                .filter(column -> Objects.requireNonNullElse(column.getPriority(), 0) == priority)
                .map(CustomResourceColumnDefinition::getName)
                .map(name -> name.toUpperCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    private static JSONSchemaProps schema(CustomResourceDefinition definition) {
        return definition.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
    }

    private static String firstSentence(JSONSchemaProps schema) {
        var description = schema.getDescription();
        var end = description.indexOf(". ");
        return end < 0 ? description : description.substring(0, end + 1);
    }

    private static String resource(String name) {
        try (var in = Objects.requireNonNull(ApiReference.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void line(@Nullable String line) {
        text.append(line).append('\n');
    }
}
