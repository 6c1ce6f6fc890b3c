package dev.concordance.localcluster.node;

import dev.concordance.localcluster.node.pod.Cluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The API server, asked with the rights of the node. */
record KubernetesCluster(KubernetesClient client) implements Cluster {
    @Override
    public Optional<Map<String, byte[]>> configMap(String namespace, String name) {
        return Optional.ofNullable(client.configMaps()
                        .inNamespace(namespace)
                        .withName(name)
                        .get())
                .map(KubernetesCluster::content);
    }

    @Override
    public Optional<Map<String, byte[]>> secret(String namespace, String name) {
        return Optional.ofNullable(
                        client.secrets().inNamespace(namespace).withName(name).get())
                .map(KubernetesCluster::content);
    }

    @Override
    public Optional<Path> volume(String namespace, String claim) {
        var found = client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withName(claim)
                .get();
        if (found == null || found.getSpec().getVolumeName() == null) {
            return Optional.empty();
        }
        var volume = client.persistentVolumes()
                .withName(found.getSpec().getVolumeName())
                .get();
        if (volume == null) {
            return Optional.empty();
        }
        var spec = volume.getSpec();
        if (spec.getHostPath() != null) {
            return Optional.of(Path.of(spec.getHostPath().getPath()));
        }
        return Optional.ofNullable(spec.getLocal()).map(local -> Path.of(local.getPath()));
    }

    @Override
    public Token token(Pod pod, Optional<String> audience, long expirationSeconds) {
        var request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audience.stream().toList())
                .withExpirationSeconds(expirationSeconds)
                .withNewBoundObjectRef()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endBoundObjectRef()
                .endSpec()
                .build();
        TokenRequest answer = client.serviceAccounts()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getSpec().getServiceAccountName())
                .tokenRequest(request);
        return new Token(
                answer.getStatus().getToken(), Instant.parse(answer.getStatus().getExpirationTimestamp()));
    }

    @Override
    public void report(Pod pod, PodStatus status) {
        var change = new PodBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .withNamespace(pod.getMetadata().getNamespace())
                .withUid(pod.getMetadata().getUid())
                .endMetadata()
                .withStatus(status)
                .build();
        unlessGone(() -> client.pods()
                .resource(change)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), change));
    }

    @Override
    public void delete(Pod pod) {
        unlessGone(() -> client.pods().resource(pod).withGracePeriod(0).delete());
    }

    /** Somebody may have deleted it by force, and made another one of the same name. */
    private static void unlessGone(Runnable call) {
        try {
            call.run();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }

    private static Map<String, byte[]> content(ConfigMap configMap) {
        var content = decoded(configMap.getBinaryData());
        if (configMap.getData() != null) {
            configMap.getData().forEach((key, value) -> content.put(key, value.getBytes(StandardCharsets.UTF_8)));
        }
        return content;
    }

    private static Map<String, byte[]> content(Secret secret) {
        return decoded(secret.getData());
    }

    private static Map<String, byte[]> decoded(@Nullable Map<String, String> encoded) {
        var content = new HashMap<String, byte[]>();
        if (encoded != null) {
            encoded.forEach((key, value) -> content.put(key, Base64.getDecoder().decode(value)));
        }
        return content;
    }
}
