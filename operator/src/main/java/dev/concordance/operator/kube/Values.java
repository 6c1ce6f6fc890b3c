package dev.concordance.operator.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the values of Secrets and ConfigMaps from the API server, one object at a time; nothing is kept. */
public final class Values {
    private final KubernetesClient client;

    public Values(KubernetesClient client) {
        this.client = client;
    }

    /** The decoded values of a Secret; empty where there is none. */
    public Optional<Map<String, String>> secret(String namespace, String name) {
        var secret = client.secrets().inNamespace(namespace).withName(name).get();
        if (secret == null) {
            return Optional.empty();
        }
        var values = new LinkedHashMap<String, String>();
        if (secret.getData() != null) {
            secret.getData().forEach((key, value) -> values.put(key, decoded(value)));
        }
        return Optional.of(values);
    }

    /** The values of a ConfigMap; empty where there is none. */
    public Optional<Map<String, String>> configMap(String namespace, String name) {
        var map = client.configMaps().inNamespace(namespace).withName(name).get();
        return map == null
                ? Optional.empty()
                : Optional.of(map.getData() == null ? Map.of() : Map.copyOf(map.getData()));
    }

    private static String decoded(String value) {
        return new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8);
    }
}
