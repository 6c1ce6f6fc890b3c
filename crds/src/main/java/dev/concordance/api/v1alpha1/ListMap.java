package dev.concordance.api.v1alpha1;

import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Makes a list of objects a map by one of their fields, for the schema's generator, which has no annotation for it. The
 * input is {@code <list>=<field>}. Entries of such a list are unique, and each can have an owner of its own.
 */
public final class ListMap implements SchemaCustomizer.Customizer {
    @Override
    public JSONSchemaProps apply(JSONSchemaProps schema, String input, KubernetesSerialization serialization) {
        var separator = input.indexOf('=');
        var key = input.substring(separator + 1);
        var list = Objects.requireNonNull(schema.getProperties().get(input.substring(0, separator)), input);
        list.setXKubernetesListType("map");
        list.setXKubernetesListMapKeys(List.of(key));
        var entry = list.getItems().getSchema();
        var required = new ArrayList<>(entry.getRequired() == null ? List.<String>of() : entry.getRequired());
        if (!required.contains(key)) {
            required.add(key);
        }
        entry.setRequired(required);
        return schema;
    }
}
