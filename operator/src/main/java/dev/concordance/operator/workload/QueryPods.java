package dev.concordance.operator.workload;

import dev.concordance.api.v1alpha1.QueryServerSpec;
import dev.concordance.operator.kube.Defaults;
import dev.concordance.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pods of a query server: what the operator needs of them, with what their template adds.
 *
 * @param requestTimeout of a search; a pod that ends waits for those under way
 * @param mounts Secrets and claims that the routing table calls by name
 */
public record QueryPods(
        int min,
        int max,
        int targetCpuPercent,
        Duration requestTimeout,
        QueryServerSpec.PodTemplate template,
        List<Mount> mounts,
        WorkerImage image) {
    private static final String ROUTING_FOLDER = Mount.ROOT + "routing";
    private static final long LEAST_DRAIN_SECONDS = 10;
    private static final long END_SECONDS = 5;
    private static final long LEAST_GRACE_SECONDS = 30;

    public QueryPods {
        mounts = List.copyOf(mounts);
    }

    /** Whether the number of pods follows the load. */
    public boolean isAutoscaled() {
        return min < max;
    }

    PodTemplateSpec template(String server) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels(server))
                .withAnnotations(template.annotations())
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(
                        Math.max(LEAST_GRACE_SECONDS, HttpContainer.UNROUTED_SECONDS + drainSeconds() + END_SECONDS))
                .withSecurityContext(Hardened.pod())
                .withContainers(container())
                .withVolumes(folders().volumes(QueryWorkload.configMapName(server)))
                .withNodeSelector(template.nodeSelector())
                .withTolerations(template.tolerations())
                .withAffinity(template.affinity())
                .withTopologySpreadConstraints(spread(server))
                .withPriorityClassName(template.priorityClassName())
                .withImagePullSecrets(Defaults.or(template.imagePullSecrets(), image.references()))
                .endSpec()
                .build();
    }

    /** The operator's own labels win over the template's: pods are found by them. */
    private Map<String, String> labels(String server) {
        var labels = new LinkedHashMap<String, String>(Defaults.or(template.labels(), Map.of()));
        labels.putAll(Labels.with(Labels.of(Labels.SERVING, server), Labels.QUERY_SERVER, server));
        return labels;
    }

    private Container container() {
        return HttpContainer.of(
                        "serve",
                        image,
                        arguments(),
                        Defaults.or(template.resources(), Hardened.resources("500m", "768Mi", "2Gi")),
                        folders().volumeMounts())
                .withEnv(template.env())
                .build();
    }

    private List<String> arguments() {
        var arguments =
                new ArrayList<>(List.of("serve", "--routing", ROUTING_FOLDER + "/" + QueryWorkload.ROUTING_FILE));
        arguments.addAll(List.of("--drain", String.valueOf(drainSeconds())));
        arguments.addAll(folders().arguments());
        return arguments;
    }

    private long drainSeconds() {
        return Math.max(LEAST_DRAIN_SECONDS, requestTimeout.toSeconds() + 1);
    }

    private WorkerFolders folders() {
        return new WorkerFolders("routing", ROUTING_FOLDER, mounts);
    }

    private List<TopologySpreadConstraint> spread(String server) {
        if (template.topologySpreadConstraints() != null) {
            return template.topologySpreadConstraints();
        }
        return List.of(new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(QueryWorkload.selector(server))
                .endLabelSelector()
                .build());
    }
}
