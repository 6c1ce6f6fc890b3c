package dev.concordance.crd;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds what a new definition takes away from those who use an older one. */
final class Compatibility {
    private final List<String> breaks = new ArrayList<>();

    private Compatibility() {}

    /** A sentence for each thing that worked before and does not any more; empty if everything still does. */
    static List<String> breaks(CustomResourceDefinition before, CustomResourceDefinition after) {
        var compatibility = new Compatibility();
        compatibility.definitions(before, after);
        return compatibility.breaks;
    }

    /** The same for two schemas. */
    static List<String> breaks(String path, JSONSchemaProps before, JSONSchemaProps after) {
        var compatibility = new Compatibility();
        compatibility.schemas(path, before, after);
        return compatibility.breaks;
    }

    private void definitions(CustomResourceDefinition before, CustomResourceDefinition after) {
        var kind = before.getSpec().getNames().getKind();
        var names = before.getSpec().getNames();
        var now = after.getSpec().getNames();
        same(kind, "group", before.getSpec().getGroup(), after.getSpec().getGroup());
        same(kind, "scope", before.getSpec().getScope(), after.getSpec().getScope());
        same(kind, "kind", names.getKind(), now.getKind());
        same(kind, "plural", names.getPlural(), now.getPlural());
        same(kind, "singular", names.getSingular(), now.getSingular());
        removed(kind, "short name", names.getShortNames(), now.getShortNames());
        removed(kind, "category", names.getCategories(), now.getCategories());
        for (var version : before.getSpec().getVersions()) {
            var same = after.getSpec().getVersions().stream()
                    .filter(other -> other.getName().equals(version.getName()))
                    .findFirst();
            if (same.isEmpty() || !same.get().getServed()) {
                add(kind, "the version " + version.getName() + " is not served any more");
            } else {
                versions(kind, version, same.get());
            }
        }
    }

    private void versions(String kind, CustomResourceDefinitionVersion before, CustomResourceDefinitionVersion after) {
        var had = before.getSubresources();
        var has = after.getSubresources();
        if (had != null && had.getStatus() != null && (has == null || has.getStatus() == null)) {
            add(kind, "the subresource status is gone");
        }
        if (had != null && had.getScale() != null) {
            same(kind, "subresource scale", had.getScale(), has == null ? null : has.getScale());
        }
        schemas(kind, before.getSchema().getOpenAPIV3Schema(), after.getSchema().getOpenAPIV3Schema());
    }

    private void schemas(String path, JSONSchemaProps before, JSONSchemaProps after) {
        same(path, "type", before.getType(), after.getType());
        same(path, "kind of list", before.getXKubernetesListType(), after.getXKubernetesListType());
        same(path, "key of the list", before.getXKubernetesListMapKeys(), after.getXKubernetesListMapKeys());
        same(path, "format", before.getFormat(), after.getFormat());
        if (before.getDefault() != null) {
            same(path, "default", before.getDefault(), after.getDefault());
        }
        lost(path, "null", before.getNullable(), after.getNullable());
        lost(
                path,
                "unknown fields",
                before.getXKubernetesPreserveUnknownFields(),
                after.getXKubernetesPreserveUnknownFields());
        lost(path, "integers and strings", before.getXKubernetesIntOrString(), after.getXKubernetesIntOrString());
        bounds(path, before, after);
        if (after.getPattern() != null) {
            same(path, "pattern", before.getPattern(), after.getPattern());
        }
        if (after.getEnum() != null && !after.getEnum().isEmpty()) {
            if (before.getEnum() == null || before.getEnum().isEmpty()) {
                add(path, "only takes listed values now: " + after.getEnum());
            } else {
                removed(path, "value", before.getEnum(), after.getEnum());
            }
        }
        required(path, before, after);
        rules(path, before, after);
        children(path, before, after);
    }

    private void bounds(String path, JSONSchemaProps before, JSONSchemaProps after) {
        lowered(path, "maximum", before.getMaximum(), after.getMaximum());
        lowered(path, "maxLength", before.getMaxLength(), after.getMaxLength());
        lowered(path, "maxItems", before.getMaxItems(), after.getMaxItems());
        lowered(path, "maxProperties", before.getMaxProperties(), after.getMaxProperties());
        raised(path, "minimum", before.getMinimum(), after.getMinimum());
        raised(path, "minLength", before.getMinLength(), after.getMinLength());
        raised(path, "minItems", before.getMinItems(), after.getMinItems());
        raised(path, "minProperties", before.getMinProperties(), after.getMinProperties());
    }

    private void required(String path, JSONSchemaProps before, JSONSchemaProps after) {
        for (var name : orEmpty(after.getRequired())) {
            if (!orEmpty(before.getRequired()).contains(name)) {
                add(path + "." + name, "is required now");
            }
        }
    }

    private void rules(String path, JSONSchemaProps before, JSONSchemaProps after) {
        var known = orEmpty(before.getXKubernetesValidations()).stream()
                .map(ValidationRule::getRule)
                .toList();
        for (var rule : orEmpty(after.getXKubernetesValidations())) {
            if (!known.contains(rule.getRule())) {
                add(path, "has a new rule: " + rule.getRule());
            }
        }
    }

    private void children(String path, JSONSchemaProps before, JSONSchemaProps after) {
        Map<String, JSONSchemaProps> fields = before.getProperties() == null ? Map.of() : before.getProperties();
        Map<String, JSONSchemaProps> now = after.getProperties() == null ? Map.of() : after.getProperties();
        fields.forEach((name, field) -> {
            if (now.containsKey(name)) {
                schemas(path + "." + name, field, now.get(name));
            } else {
                add(path + "." + name, "is gone");
            }
        });
        if (before.getItems() != null && after.getItems() != null) {
            schemas(path + "[]", before.getItems().getSchema(), after.getItems().getSchema());
        }
        if (before.getAdditionalProperties() != null && after.getAdditionalProperties() != null) {
            schemas(
                    path + "{}",
                    before.getAdditionalProperties().getSchema(),
                    after.getAdditionalProperties().getSchema());
        }
    }

    private void lowered(String path, String bound, @Nullable Number before, @Nullable Number after) {
        if (after != null && (before == null || after.doubleValue() < before.doubleValue())) {
            add(path, bound + " is " + text(after) + " now, and was " + (before == null ? "unbounded" : text(before)));
        }
    }

    private void raised(String path, String bound, @Nullable Number before, @Nullable Number after) {
        if (after != null && (before == null || after.doubleValue() > before.doubleValue())) {
            add(path, bound + " is " + text(after) + " now, and was " + (before == null ? "unbounded" : text(before)));
        }
    }

    private static String text(Number number) {
        return String.valueOf(number.longValue());
    }

    private void lost(String path, String what, @Nullable Boolean before, @Nullable Boolean after) {
        if (Boolean.TRUE.equals(before) && !Boolean.TRUE.equals(after)) {
            add(path, "does not take " + what + " any more");
        }
    }

    private void same(String path, String what, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            add(path, "the " + what + " is " + after + " now, and was " + before);
        }
    }

    private <T> void removed(String path, String what, List<T> before, List<T> after) {
        for (var value : before) {
            if (!after.contains(value)) {
                add(path, "the " + what + " " + value + " is gone");
            }
        }
    }

    private void add(String path, String sentence) {
        breaks.add(path + ": " + sentence);
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
