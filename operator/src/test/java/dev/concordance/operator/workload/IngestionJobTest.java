package dev.concordance.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunSpecification;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Job of a run and the ConfigMap that tells it what to do. */
final class IngestionJobTest {
    private final IngestionRun run = run();

    @Test
    void tellsTheWorkerAllThatItIsToDo() throws Exception {
        var job = job(256);
        var map = job.configMap(run);
        assertThat(map.getImmutable()).isTrue();
        assertThat(ManifestJson.mapper().readValue(map.getData().get("run.json"), RunSpecification.class))
                .isEqualTo(job.specification());
        assertThat(job.configMap(run)).isEqualTo(map);
    }

    @Test
    void followsByADeploymentThatNeverHasTwoPodsAndEndsOneThatIsStuck() {
        var deployment = job(256).deployment(run);
        assertThat(deployment.getMetadata().getName())
                .isEqualTo(job(256).job(run).getMetadata().getName());
        assertThat(deployment.getMetadata().getOwnerReferences())
                .isEqualTo(job(256).job(run).getMetadata().getOwnerReferences());
        var spec = deployment.getSpec();
        assertThat(spec.getReplicas()).isEqualTo(1);
        assertThat(spec.getStrategy().getType()).isEqualTo("Recreate");
        assertThat(spec.getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(spec.getSelector().getMatchLabels());
        var pod = spec.getTemplate().getSpec();
        assertThat(pod.getRestartPolicy()).isEqualTo("Always");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(30);
        var follower = pod.getContainers().getFirst();
        assertThat(follower.getArgs())
                .startsWith(container().getArgs().toArray(String[]::new))
                .endsWith("--health", "8081");
        assertThat(follower.getSecurityContext()).isEqualTo(container().getSecurityContext());
        assertThat(follower.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/live");
        assertThat(follower.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/ready");
        assertThat(follower.getPorts().getFirst().getName())
                .isEqualTo(follower.getLivenessProbe().getHttpGet().getPort().getStrVal());
    }

    @Test
    void namesTheConfigMapAfterItsContent() {
        assertThat(job(256).configMap(run).getMetadata().getName())
                .isNotEqualTo(job(128).configMap(run).getMetadata().getName());
        assertThat(job(256).configMap(run).getMetadata().getName())
                .isEqualTo(job(256).job(run)
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getVolumes()
                        .getFirst()
                        .getConfigMap()
                        .getName());
    }

    /** Of both {@code data} and {@code binaryData}, unless keys are named. */
    @Test
    void mountsAllKeysOfAConfigMapWithDocuments() {
        assertThat(job(256).job(run).getSpec().getTemplate().getSpec().getVolumes())
                .filteredOn(volume -> volume.getName().equals("map-faq"))
                .singleElement()
                .satisfies(volume -> {
                    assertThat(volume.getConfigMap().getName()).isEqualTo("faq");
                    assertThat(volume.getConfigMap().getItems()).isEmpty();
                });
    }

    @Test
    void boundsTheHeapByWhatADocumentMayTake() {
        assertThat(container().getEnv())
                .containsExactly(new EnvVar(
                        "JDK_JAVA_OPTIONS",
                        "-XX:MaxRAM=320m -XX:TrimNativeHeapInterval=1000 -XX:CompileThresholdScaling=4",
                        null));
    }

    @Test
    void givesEveryPathByAnArgument() {
        var container = container();
        assertThat(container.getArgs())
                .containsExactly(
                        "ingest",
                        "--run",
                        "/etc/concordance/run/run.json",
                        "--workspace",
                        "/workspace",
                        "--mount",
                        "elasticsearch=/etc/concordance/elasticsearch",
                        "--mount",
                        "volume-site=/etc/concordance/volume-site",
                        "--mount",
                        "map-faq=/etc/concordance/map-faq");
        assertThat(container.getVolumeMounts())
                .filteredOn(mount -> Boolean.TRUE.equals(mount.getReadOnly()))
                .extracting(VolumeMount::getMountPath)
                .containsExactly(
                        "/etc/concordance/run",
                        "/etc/concordance/elasticsearch",
                        "/etc/concordance/volume-site",
                        "/etc/concordance/map-faq");
    }

    @Test
    void holdsNoKubernetesCredentialsAndNoPrivileges() {
        var pod = job(256).job(run).getSpec().getTemplate().getSpec();
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getServiceAccountName()).isEqualTo("reader");
        assertThat(pod.getEnableServiceLinks()).isFalse();
        assertThat(pod.getRestartPolicy()).isEqualTo("Never");
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        var security = container().getSecurityContext();
        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
        assertThat(security.getReadOnlyRootFilesystem()).isTrue();
        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
    }

    @Test
    void pullsItsImageByTheSecretsOfTheInstallation() {
        assertThat(job(256).job(run).getSpec().getTemplate().getSpec().getImagePullSecrets())
                .containsExactly(new LocalObjectReference("registry"));
    }

    @Test
    void isNotTriedAgainWhenAPersonHasToAct() {
        var rule = job(256).job(run).getSpec().getPodFailurePolicy().getRules().getFirst();
        assertThat(rule.getAction()).isEqualTo("FailJob");
        assertThat(rule.getOnExitCodes().getValues()).containsExactly(IngestionJob.EXIT_WAITS);
    }

    @Test
    void isPreparedByPodsEachOfWhichIsTriedAgainAlone() {
        var preparation = job(256).preparation(run);
        assertThat(preparation.getMetadata().getName()).isEqualTo("handbook-3-shards");
        var spec = preparation.getSpec();
        assertThat(spec.getCompletionMode()).isEqualTo("Indexed");
        assertThat(spec.getCompletions()).isEqualTo(4);
        assertThat(spec.getParallelism()).isEqualTo(4);
        assertThat(spec.getBackoffLimitPerIndex()).isEqualTo(2);
        assertThat(spec.getBackoffLimit()).isNull();
        var rule = spec.getPodFailurePolicy().getRules().getFirst();
        assertThat(rule.getAction()).as("the other pods go on").isEqualTo("FailIndex");
        assertThat(rule.getOnExitCodes().getValues()).containsExactly(IngestionJob.EXIT_WAITS);
        var pod = spec.getTemplate().getSpec();
        assertThat(pod.getContainers().getFirst().getArgs()).containsSequence("--shards", "4");
        assertThat(pod.getVolumes())
                .isEqualTo(job(256).job(run).getSpec().getTemplate().getSpec().getVolumes());
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    }

    @Test
    void getsWhatIsDeclaredOrEnoughForMostCorpora() {
        var usual = new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("500m"))
                .addToRequests("memory", new Quantity("768Mi"))
                .addToLimits("memory", new Quantity("2Gi"))
                .build();
        assertThat(resources(job(256))).containsOnly(usual);
        var declared = new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("3"))
                .addToLimits("memory", new Quantity("5Gi"))
                .build();
        assertThat(resources(job(256, Optional.of(declared))))
                .as("nothing is added to what is declared")
                .containsOnly(declared);
    }

    /** Of all that a run may be carried out by. */
    private List<ResourceRequirements> resources(IngestionJob job) {
        return Stream.of(
                        job.job(run).getSpec().getTemplate(),
                        job.preparation(run).getSpec().getTemplate(),
                        job.deployment(run).getSpec().getTemplate())
                .map(pod -> pod.getSpec().getContainers())
                .map(containers -> {
                    assertThat(containers).hasSize(1);
                    return containers.getFirst().getResources();
                })
                .toList();
    }

    @Test
    void goesWithItsRun() {
        for (var owned :
                List.of(job(256).job(run).getMetadata(), job(256).configMap(run).getMetadata())) {
            assertThat(owned.getOwnerReferences()).singleElement().satisfies(owner -> {
                assertThat(owner.getUid()).isEqualTo("run-uid");
                assertThat(owner.getController()).isTrue();
            });
            assertThat(owned.getLabels())
                    .containsEntry("concordance.dev/corpus", "handbook")
                    .containsEntry("concordance.dev/run", "handbook-3")
                    .containsEntry("app.kubernetes.io/managed-by", "concordance");
        }
    }

    private io.fabric8.kubernetes.api.model.Container container() {
        return job(256).job(run)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst();
    }

    private static IngestionRun run() {
        var run = new IngestionRun();
        run.setMetadata(new ObjectMetaBuilder()
                .withName("handbook-3")
                .withNamespace("docs")
                .withUid("run-uid")
                .build());
        return run;
    }

    private static IngestionJob job(int tokens) {
        return job(tokens, Optional.empty());
    }

    private static IngestionJob job(int tokens, Optional<ResourceRequirements> resources) {
        var manifest = new GenerationManifest(
                2, 1, new Chunking.ByTokens(tokens, 32, ""), BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(), 1, List.of());
        var specification = new RunSpecification(
                "handbook-3",
                RunMode.Build,
                new IndexNames("cc", "docs", "handbook"),
                manifest,
                List.of(1),
                List.of(),
                new ElasticsearchAccess(List.of("https://es:9200"), null, "elasticsearch"),
                new RunSpecification.Limits(1, 1, 50, 0),
                new RunSpecification.DeletionGuard(50, 10, null, 1));
        return new IngestionJob(
                specification,
                List.of(
                        new Mount.OfSecret("elasticsearch", "es-ingest"),
                        new Mount.OfClaim("volume-site", "files"),
                        new Mount.OfConfigMap("map-faq", "faq")),
                resources,
                4,
                Optional.of("reader"),
                new WorkerImage("image:1", "Never", List.of("registry")));
    }
}
