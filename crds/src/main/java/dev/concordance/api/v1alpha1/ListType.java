package dev.concordance.api.v1alpha1;

import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Says what kind of list a list is, for the schema's generator, which has no annotation for it. The input {@code
 * sources=map:name} makes a list of objects a map by one of their fields, whose entries are unique and can have an owner
 * each; {@code corpora=set} makes a list of values a set.
 */
public final class ListType implements SchemaCustomizer.Customizer {
    private static final String MAP = "map:";

    @Override
    public JSONSchemaProps apply(JSONSchemaProps schema, String input, KubernetesSerialization serialization) {
        var separator = input.indexOf('=');
        var type = input.substring(separator + 1);
        var list = Objects.requireNonNull(schema.getProperties().get(input.substring(0, separator)), input);
        if (type.startsWith(MAP)) {
            mapBy(type.substring(MAP.length()), list);
        } else {
            list.setXKubernetesListType(type);
        }
        return schema;
    }

    private static void mapBy(String key, JSONSchemaProps list) {
        list.setXKubernetesListType("map");
        list.setXKubernetesListMapKeys(List.of(key));
        var entry = list.getItems().getSchema();
        var required = new ArrayList<>(entry.getRequired() == null ? List.<String>of() : entry.getRequired());
        if (!required.contains(key)) {
            required.add(key);
        }
        entry.setRequired(required);
    }
}
