package dev.concordance.e2e.chart;

import dev.concordance.localcluster.Command;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the chart makes of some values. */
record Rendered(String yaml, List<GenericKubernetesResource> objects) {
    static final String CHART = ApiServer.ROOT.resolve("helm/concordance").toString();
    private static final Pattern DOCUMENTS = Pattern.compile("(?m)^---$");

    Rendered {
        objects = List.copyOf(objects);
    }

    /** Renders the chart into the namespace that the tests install it to. */
    static Rendered with(Command helm, String... settings) {
        var arguments = new ArrayList<>(List.of("template", "concordance", CHART, "--namespace", ApiServer.RESTRICTED));
        Arrays.stream(settings).forEach(setting -> arguments.addAll(List.of("--set", setting)));
        return parse(helm.run(arguments.toArray(String[]::new)));
    }

    static Rendered parse(String yaml) {
        var objects = DOCUMENTS
                .splitAsStream(yaml)
                .map(document -> Serialization.unmarshal(document, GenericKubernetesResource.class))
                .filter(Objects::nonNull)
                .filter(object -> object.getKind() != null)
                .toList();
        return new Rendered(yaml, objects);
    }

    Stream<GenericKubernetesResource> of(String kind) {
        return objects.stream().filter(object -> object.getKind().equals(kind));
    }

    /** Without the kinds of other projects, which a bare API server does not know. */
    String plain() {
        return String.join(
                "---\n",
                objects.stream()
                        .filter(object -> !object.getApiVersion().startsWith("monitoring.coreos.com/"))
                        .map(Serialization::asYaml)
                        .toList());
    }
}
