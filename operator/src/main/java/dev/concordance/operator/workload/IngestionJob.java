package dev.concordance.operator.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.manifest.Fingerprint;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.Tombstones;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Owned;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicy;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Job of an ingestion run, or the Deployment of one that follows its sources, and the immutable ConfigMap with what it has to
 * do. The ConfigMap's name has a digest of its content, so that one with other content is another one. A large run is prepared by an
 * Indexed Job before, whose pods divide the documents among them; a pod that fails is tried again alone, or not at all where that
 * is of no use, while the others go on, and what no pod could do is done by the run's Job.
 *
 * @param mounts Secrets and claims that the specification calls by name
 * @param resources of a pod; empty: the default
 * @param shards into how many the documents are divided; 1: the run is not prepared
 * @param serviceAccount of a pod, for what a cloud gives to it; empty: the namespace's default
 */
public record IngestionJob(
        RunSpecification specification,
        List<Mount> mounts,
        Optional<ResourceRequirements> resources,
        int shards,
        Optional<String> serviceAccount,
        WorkerImage image) {
    /** Exit code of a worker that has failed and would fail again. */
    public static final int EXIT_WAITS = 2;

    /** Name of the worker's container. */
    public static final String CONTAINER = "ingest";

    /** Where Java's launcher finds more options than those of the image. */
    private static final String JVM = "JDK_JAVA_OPTIONS";

    /** The image gives half of what memory Java sees to the heap. */
    private static final int HEAP_IS_A_HALF = 2;
    /** The C library keeps what models and parsers have given back, until it is told not to. */
    private static final int TRIM_MILLISECONDS = 1_000;
    /** A sync of a few documents ends before what the optimising compiler makes of its code is worth the work. */
    private static final int COMPILES_LATER = 4;

    private static final String RUN_FOLDER = Mount.ROOT + "run";
    private static final String RUN_FILE = "run.json";
    private static final int RETRIES = 2;
    private static final int HEALTH_PORT = 8081;
    private static final int START_SECONDS = 120;
    private static final int PROBE_SECONDS = 5;
    private static final int PROBES = 3;
    /** It stops between two batches of documents. */
    private static final long END_SECONDS = 30;

    public IngestionJob {
        mounts = List.copyOf(mounts);
    }

    /** The Job's name. */
    public static String name(String run) {
        return run + "-ingest";
    }

    /** Name of the Job that prepares a run. */
    public static String preparationName(String run) {
        return run + "-shards";
    }

    /** By which a Deployment is known that was given other tombstones. */
    public static String digest(Tombstones tombstones) {
        return new Fingerprint("tombstones/1").with("tombstones", tombstones).digest();
    }

    /** What the run has to do. */
    public ConfigMap configMap(IngestionRun run) {
        return new ConfigMapBuilder()
                .withMetadata(metadata(run, configMapName()))
                .withImmutable(true)
                .withData(Map.of(RUN_FILE, json()))
                .build();
    }

    /** What does it. */
    public Job job(IngestionRun run) {
        return new JobBuilder()
                .withMetadata(metadata(run, name(specification.run())))
                .withNewSpec()
                .withBackoffLimit(RETRIES)
                .withPodReplacementPolicy("Failed")
                .withPodFailurePolicy(failurePolicy("FailJob"))
                .withTemplate(pod(run, List.of()))
                .endSpec()
                .build();
    }

    /** What prepares it; only where the documents are divided. */
    public Job preparation(IngestionRun run) {
        return new JobBuilder()
                .withMetadata(metadata(run, preparationName(specification.run())))
                .withNewSpec()
                .withCompletionMode("Indexed")
                .withCompletions(shards)
                .withParallelism(shards)
                .withBackoffLimitPerIndex(RETRIES)
                .withPodReplacementPolicy("Failed")
                .withPodFailurePolicy(failurePolicy("FailIndex"))
                .withTemplate(pod(run, List.of("--shards", String.valueOf(shards))))
                .endSpec()
                .build();
    }

    /** What does it over and over again. Another pod never starts before the one before is gone. */
    public Deployment deployment(IngestionRun run) {
        return new DeploymentBuilder()
                .withMetadata(new ObjectMetaBuilder(metadata(run, name(specification.run())))
                        .addToAnnotations(Labels.TOMBSTONES, digest(specification.tombstones()))
                        .build())
                .withNewSpec()
                .withReplicas(1)
                .withNewStrategy()
                .withType("Recreate")
                .endStrategy()
                .withNewSelector()
                .addToMatchLabels(Labels.RUN, run.getMetadata().getName())
                .endSelector()
                .withTemplate(new PodTemplateSpecBuilder(pod(run, List.of()))
                        .editSpec()
                        .withRestartPolicy("Always")
                        .withTerminationGracePeriodSeconds(END_SECONDS)
                        .withContainers(following())
                        .endSpec()
                        .build())
                .endSpec()
                .build();
    }

    private String configMapName() {
        var digest = new Fingerprint("run/1").with("json", json()).digest();
        return name(specification.run()) + "-" + digest.substring(0, 8);
    }

    private String json() {
        try {
            return ManifestJson.mapper().writeValueAsString(specification);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a run specification is always JSON", e);
        }
    }

    /** @param waits what is done where a worker says that only the user can help */
    private static PodFailurePolicy failurePolicy(String waits) {
        return new PodFailurePolicyBuilder()
                .addNewRule()
                .withAction(waits)
                .withNewOnExitCodes()
                .withContainerName(CONTAINER)
                .withOperator("In")
                .withValues(EXIT_WAITS)
                .endOnExitCodes()
                .endRule()
                .addNewRule()
                .withAction("Ignore")
                .addNewOnPodCondition("True", "DisruptionTarget")
                .endRule()
                .build();
    }

    private PodTemplateSpec pod(IngestionRun run, List<String> more) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels(run))
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withServiceAccountName(serviceAccount.orElse(null))
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withSecurityContext(Hardened.pod())
                .withContainers(container(more))
                .withVolumes(folders().volumes(configMapName()))
                .withImagePullSecrets(image.references())
                .endSpec()
                .build();
    }

    private Container container(List<String> more) {
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(image.name())
                .withImagePullPolicy(image.pullPolicy())
                .withArgs(arguments(more))
                .addNewEnv()
                .withName(JVM)
                .withValue("-XX:MaxRAM=%dm -XX:TrimNativeHeapInterval=%d -XX:CompileThresholdScaling=%d"
                        .formatted(HEAP_IS_A_HALF * specification.heapMegabytes(), TRIM_MILLISECONDS, COMPILES_LATER))
                .endEnv()
                .withResources(resources.orElseGet(() -> Hardened.resources("500m", "768Mi", "2Gi")))
                .withSecurityContext(Hardened.container())
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withVolumeMounts(folders().volumeMounts())
                .build();
    }

    private Container following() {
        return new ContainerBuilder(container(List.of()))
                .addToArgs("--health", String.valueOf(HEALTH_PORT))
                .addNewPort()
                .withName("health")
                .withContainerPort(HEALTH_PORT)
                .withProtocol("TCP")
                .endPort()
                .withStartupProbe(probe("/live", 1, START_SECONDS))
                .withLivenessProbe(probe("/live", PROBE_SECONDS, PROBES))
                .withReadinessProbe(probe("/ready", PROBE_SECONDS, 1))
                .build();
    }

    private static Probe probe(String path, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort("health")
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(2)
                .withFailureThreshold(failures)
                .build();
    }

    private List<String> arguments(List<String> more) {
        var arguments = new ArrayList<>(List.of("ingest", "--run", RUN_FOLDER + "/" + RUN_FILE));
        arguments.addAll(more);
        arguments.addAll(folders().arguments());
        return arguments;
    }

    private WorkerFolders folders() {
        return new WorkerFolders("run", RUN_FOLDER, mounts);
    }

    private ObjectMeta metadata(IngestionRun run, String name) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(run.getMetadata().getNamespace())
                .withLabels(labels(run))
                .withOwnerReferences(Owned.by(run))
                .build();
    }

    private Map<String, String> labels(IngestionRun run) {
        var corpus = specification.names().corpus();
        var labels = Labels.with(Labels.of(Labels.INGESTION, corpus), Labels.CORPUS, corpus);
        var all = Labels.with(labels, Labels.RUN, run.getMetadata().getName());
        return specification.mode() == RunMode.Erase
                ? all
                : Labels.with(
                        all,
                        Labels.GENERATION,
                        String.valueOf(specification.manifest().generation()));
    }
}
