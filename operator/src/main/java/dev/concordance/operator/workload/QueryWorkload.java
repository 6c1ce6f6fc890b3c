package dev.concordance.operator.workload;

import dev.concordance.api.v1alpha1.QueryServer;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Owned;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a query server consists of. All of it has the QueryServer's name, but for the ConfigMap. */
public final class QueryWorkload {
    /** The Service's port. */
    public static final int PORT = 80;

    /** The routing table's file. */
    public static final String ROUTING_FILE = "routing.json";

    private final QueryServer server;
    private final QueryPods pods;

    public QueryWorkload(QueryServer server, QueryPods pods) {
        this.server = server;
        this.pods = pods;
    }

    /** The labels that pods are found by; they never change. */
    public static Map<String, String> selector(String server) {
        var selector = new LinkedHashMap<String, String>();
        selector.put(Labels.COMPONENT, Labels.SERVING);
        selector.put(Labels.QUERY_SERVER, server);
        return selector;
    }

    /** The name of the ConfigMap with the routing table. */
    public static String configMapName(String server) {
        return server + "-routing";
    }

    /** What is served and to whom; read again by the pods when it changes. */
    public ConfigMap routing(String json) {
        return new ConfigMapBuilder()
                .withMetadata(metadata(configMapName(name())))
                .withData(Map.of(ROUTING_FILE, json))
                .build();
    }

    /** The pods. Where their number follows the load, it is left to the autoscaler. */
    public Deployment deployment() {
        var builder = new DeploymentBuilder()
                .withMetadata(metadata(name()))
                .withNewSpec()
                .withNewSelector()
                .withMatchLabels(selector(name()))
                .endSelector()
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxSurge(new IntOrString(1))
                .withMaxUnavailable(new IntOrString(0))
                .endRollingUpdate()
                .endStrategy()
                .withTemplate(pods.template(name()))
                .endSpec();
        return pods.isAutoscaled()
                ? builder.build()
                : builder.editSpec().withReplicas(pods.min()).endSpec().build();
    }

    /** The one address of all pods that are ready. */
    public Service service() {
        return new ServiceBuilder()
                .withMetadata(metadata(name()))
                .withNewSpec()
                .withSelector(selector(name()))
                .addNewPort()
                .withName("http")
                .withPort(PORT)
                .withProtocol("TCP")
                .withNewTargetPort("http")
                .endPort()
                .endSpec()
                .build();
    }

    /** Nodes are drained one pod after the other. */
    public PodDisruptionBudget disruptionBudget() {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(metadata(name()))
                .withNewSpec()
                .withNewSelector()
                .withMatchLabels(selector(name()))
                .endSelector()
                .withMaxUnavailable(new IntOrString(1))
                .endSpec()
                .build();
    }

    /** Makes the number of pods follow their use of the processor. */
    public HorizontalPodAutoscaler autoscaler() {
        return new HorizontalPodAutoscalerBuilder()
                .withMetadata(metadata(name()))
                .withNewSpec()
                .withNewScaleTargetRef("apps/v1", "Deployment", name())
                .withMinReplicas(pods.min())
                .withMaxReplicas(pods.max())
                .addNewMetric()
                .withType("Resource")
                .withNewResource()
                .withName("cpu")
                .withNewTarget()
                .withType("Utilization")
                .withAverageUtilization(pods.targetCpuPercent())
                .endTarget()
                .endResource()
                .endMetric()
                .endSpec()
                .build();
    }

    private ObjectMeta metadata(String name) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(server.getMetadata().getNamespace())
                .withLabels(Labels.with(Labels.of(Labels.SERVING, name()), Labels.QUERY_SERVER, name()))
                .withOwnerReferences(Owned.by(server))
                .build();
    }

    private String name() {
        return server.getMetadata().getName();
    }
}
