package dev.concordance.localcluster.node;

import io.fabric8.kubernetes.api.model.APIServiceBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Tells the API server that the agent serves the metrics API, which only an administrator may. */
record MetricsRegistration(KubernetesClient administrator, int port) {
    private static final String NAMESPACE = "kube-system";
    private static final String NAME = "node-metrics";
    private static final String GROUP = "metrics.k8s.io";

    /** A Service of type ExternalName is the way to a server that is no pod. */
    void register() {
        administrator
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .withType("ExternalName")
                        .withExternalName("localhost")
                        .endSpec()
                        .build())
                .serverSideApply();
        administrator
                .resource(new APIServiceBuilder()
                        .withNewMetadata()
                        .withName("v1beta1." + GROUP)
                        .endMetadata()
                        .withNewSpec()
                        .withGroup(GROUP)
                        .withVersion("v1beta1")
                        .withGroupPriorityMinimum(100)
                        .withVersionPriority(100)
                        // The certificate is for localhost, and the API server would look for the Service's name in it.
                        .withInsecureSkipTLSVerify(true)
                        .withNewService(NAME, NAMESPACE, port)
                        .endSpec()
                        .build())
                .serverSideApply();
    }
}
