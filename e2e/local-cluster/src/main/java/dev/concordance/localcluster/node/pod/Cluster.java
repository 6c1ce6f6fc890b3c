package dev.concordance.localcluster.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a pod's worker asks the API server for, and tells it. */
public interface Cluster {
    /** The content of a ConfigMap; empty: it doesn't exist. */
    Optional<Map<String, byte[]>> configMap(String namespace, String name);

    /** The content of a Secret; empty: it doesn't exist. */
    Optional<Map<String, byte[]>> secret(String namespace, String name);

    /** The host's folder behind a claim; empty: the claim isn't bound. */
    Optional<Path> volume(String namespace, String claim);

    /** A token for the pod's service account. */
    Token token(Pod pod, Optional<String> audience, long expirationSeconds);

    /** Writes the status down. */
    void report(Pod pod, PodStatus status);

    /** Removes a pod that has ended. */
    void delete(Pod pod);

    /** A service account's token, and when it ends. */
    record Token(String value, Instant expires) {}
}
