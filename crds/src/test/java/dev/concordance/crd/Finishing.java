package dev.concordance.crd;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What the generator leaves to be done: columns come in the order of their declaration instead of their paths'. */
final class Finishing {
    private Finishing() {}

    static CustomResourceDefinition finish(
            CustomResourceDefinition definition, Class<? extends CustomResource<?, ?>> kind) {
        var paths = Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::jsonPath)
                .toList();
        for (var version : definition.getSpec().getVersions()) {
            version.setAdditionalPrinterColumns(inOrder(version.getAdditionalPrinterColumns(), paths));
        }
        return definition;
    }

    private static List<CustomResourceColumnDefinition> inOrder(
            List<CustomResourceColumnDefinition> columns, List<String> paths) {
        return columns.stream()
                .sorted(Comparator.comparingInt(column -> paths.indexOf(column.getJsonPath())))
                .toList();
    }
}
