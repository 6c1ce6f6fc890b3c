package dev.concordance.localcluster.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the node tells each container: where it listens, and where it finds the API server and its service account's token, in
 * the words of the fabric8 client, since the usual paths aren't there. No configuration of the user's own reaches it.
 */
record GivenEnvironment(Pod pod, URI apiServer, Address address, Path home) {
    private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

    Map<String, String> variables(Map<String, Path> mounts, Path scratch) {
        var all = new LinkedHashMap<String, String>();
        all.put("PATH", String.valueOf(System.getenv("PATH")));
        all.put("HOME", home.toString());
        all.put("TMPDIR", scratch.toString());
        all.put("HOSTNAME", pod.getMetadata().getName());
        all.put("POD_LOOPBACK_ADDRESS", address.loopback());
        all.put("QUARKUS_HTTP_HOST", address.loopback());
        all.put("QUARKUS_MANAGEMENT_HOST", address.loopback());
        all.put("KUBERNETES_SERVICE_HOST", apiServer.getHost());
        all.put("KUBERNETES_SERVICE_PORT", String.valueOf(apiServer.getPort()));
        all.put("KUBERNETES_AUTH_TRYKUBECONFIG", "false");
        var account = mounts.get(ACCOUNT);
        if (account != null) {
            all.put(
                    "KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN",
                    account.resolve("token").toString());
            all.put("KUBERNETES_CERTS_CA_FILE", account.resolve("ca.crt").toString());
            all.put("KUBENAMESPACE", account.resolve("namespace").toString());
        }
        return all;
    }
}
