package dev.concordance.operator.workload;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Owned;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a corpus's inlet consists of. All of it has the same name.
 *
 * @param resources of a pod; empty: the default
 * @param mounts Secrets that the table calls by name
 */
public record InletWorkload(
        Corpus corpus, int replicas, Optional<ResourceRequirements> resources, List<Mount> mounts, WorkerImage image) {
    /** The key under which the ConfigMap has the table. */
    public static final String TABLE_FILE = "table.json";

    private static final String TABLE_FOLDER = Mount.ROOT + "table";
    private static final int PORT = 80;
    private static final long DRAIN_SECONDS = 35;
    private static final long END_SECONDS = 5;

    public InletWorkload {
        mounts = List.copyOf(mounts);
    }

    /** The name of a corpus's inlet. */
    public static String name(String corpus) {
        return corpus + "-inlet";
    }

    /** What is taken and from whom; read again by the pods when it changes. */
    public ConfigMap table(String json) {
        return new ConfigMapBuilder()
                .withMetadata(metadata())
                .withData(Map.of(TABLE_FILE, json))
                .build();
    }

    /** The pods; they keep nothing, so each can take any document. */
    public Deployment deployment() {
        return new DeploymentBuilder()
                .withMetadata(metadata())
                .withNewSpec()
                .withReplicas(replicas)
                .withNewSelector()
                .withMatchLabels(selector())
                .endSelector()
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxSurge(new IntOrString(1))
                .withMaxUnavailable(new IntOrString(0))
                .endRollingUpdate()
                .endStrategy()
                .withTemplate(pod())
                .endSpec()
                .build();
    }

    /** The one address of all pods that are ready. */
    public Service service() {
        return new ServiceBuilder()
                .withMetadata(metadata())
                .withNewSpec()
                .withSelector(selector())
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
                .withMetadata(metadata())
                .withNewSpec()
                .withNewSelector()
                .withMatchLabels(selector())
                .endSelector()
                .withMaxUnavailable(new IntOrString(1))
                .endSpec()
                .build();
    }

    private PodTemplateSpec pod() {
        var folders = new WorkerFolders("table", TABLE_FOLDER, mounts);
        var arguments = new ArrayList<>(List.of("inlet", "--table", TABLE_FOLDER + "/" + TABLE_FILE));
        arguments.addAll(List.of("--drain", String.valueOf(DRAIN_SECONDS)));
        arguments.addAll(folders.arguments());
        var container = HttpContainer.of(
                        "inlet",
                        image,
                        arguments,
                        resources.orElseGet(() -> Hardened.resources("200m", "512Mi", "1Gi")),
                        folders.volumeMounts())
                .build();
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels())
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(HttpContainer.UNROUTED_SECONDS + DRAIN_SECONDS + END_SECONDS)
                .withSecurityContext(Hardened.pod())
                .withContainers(container)
                .withVolumes(folders.volumes(name()))
                .withTopologySpreadConstraints(spread())
                .withImagePullSecrets(image.references())
                .endSpec()
                .build();
    }

    private TopologySpreadConstraint spread() {
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(selector())
                .endLabelSelector()
                .build();
    }

    private Map<String, String> selector() {
        var selector = new LinkedHashMap<String, String>();
        selector.put(Labels.COMPONENT, Labels.INLET);
        selector.put(Labels.CORPUS, corpus.getMetadata().getName());
        return selector;
    }

    private Map<String, String> labels() {
        var name = corpus.getMetadata().getName();
        return Labels.with(Labels.of(Labels.INLET, name), Labels.CORPUS, name);
    }

    private ObjectMeta metadata() {
        return new ObjectMetaBuilder()
                .withName(name())
                .withNamespace(corpus.getMetadata().getNamespace())
                .withLabels(labels())
                .withOwnerReferences(Owned.by(corpus))
                .build();
    }

    private String name() {
        return name(corpus.getMetadata().getName());
    }
}
