package dev.concordance.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.QueryServer;
import dev.concordance.api.v1alpha1.QueryServerSpec.PodTemplate;
import dev.concordance.operator.kube.Defaults;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a query server consists of, by what it declares. */
final class QueryWorkloadTest {
    private static final PodTemplate NOTHING =
            new PodTemplate(null, null, null, null, null, null, null, null, null, null);
    private static final Toleration ANY =
            new TolerationBuilder().withOperator("Exists").build();
    private static final TopologySpreadConstraint BY_ZONE =
            new TopologySpreadConstraintBuilder().withTopologyKey("zone").build();
    private static final PodTemplate ALL = new PodTemplate(
            Map.of("team", "search", "app.kubernetes.io/component", "mine"),
            Map.of("note", "x"),
            new ResourceRequirementsBuilder()
                    .addToRequests("cpu", new Quantity("2"))
                    .build(),
            List.of(new EnvVar("JAVA_TOOL_OPTIONS", "-Xmx1g", null)),
            Map.of("pool", "search"),
            List.of(ANY),
            null,
            List.of(BY_ZONE),
            "important",
            List.of(new LocalObjectReference("own")));

    /** What is read of the pods, where the template says nothing and where it says something. */
    private record Field(String name, Function<PodSpec, ?> value, Optional<?> byDefault, Object declared) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Field> fields() {
        return Stream.of(
                new Field(
                        "processor",
                        pod -> String.valueOf(
                                container(pod).getResources().getRequests().get("cpu")),
                        Optional.of("500m"),
                        "2"),
                new Field(
                        "environment",
                        pod -> container(pod).getEnv(),
                        Optional.empty(),
                        List.of(new EnvVar("JAVA_TOOL_OPTIONS", "-Xmx1g", null))),
                new Field("node", PodSpec::getNodeSelector, Optional.empty(), Map.of("pool", "search")),
                new Field("tolerations", PodSpec::getTolerations, Optional.empty(), List.of(ANY)),
                new Field(
                        "spread",
                        pod -> pod.getTopologySpreadConstraints().stream()
                                .map(TopologySpreadConstraint::getTopologyKey)
                                .toList(),
                        Optional.of(List.of("kubernetes.io/hostname")),
                        List.of("zone")),
                new Field("priority", PodSpec::getPriorityClassName, Optional.empty(), "important"),
                new Field(
                        "pull secrets",
                        PodSpec::getImagePullSecrets,
                        Optional.of(List.of(new LocalObjectReference("registry"))),
                        List.of(new LocalObjectReference("own"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    void takesFromTheTemplateWhatItDeclares(Field field) {
        assertThat(Optional.<Object>ofNullable(field.value().apply(pod(NOTHING))))
                .isEqualTo(field.byDefault());
        assertThat(Optional.<Object>ofNullable(field.value().apply(pod(ALL)))).contains(field.declared());
    }

    @Test
    void keepsTheLabelsThatPodsAreFoundBy() {
        var deployment = workload(1, 1, ALL).deployment();
        assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
                .containsEntry("team", "search")
                .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels())
                .containsAllEntriesOf(workload(1, 1, ALL).service().getSpec().getSelector());
        assertThat(deployment.getSpec().getSelector().getMatchLabels())
                .isEqualTo(QueryWorkload.selector("search"))
                .isEqualTo(workload(1, 1, ALL)
                        .disruptionBudget()
                        .getSpec()
                        .getSelector()
                        .getMatchLabels());
    }

    @Test
    void leavesTheNumberOfPodsToTheAutoscalerWhereItMayChange() {
        assertThat(workload(2, 2, NOTHING).deployment().getSpec().getReplicas()).isEqualTo(2);
        assertThat(workload(2, 8, NOTHING).deployment().getSpec().getReplicas()).isNull();
        var autoscaler = workload(2, 8, NOTHING).autoscaler().getSpec();
        assertThat(autoscaler.getMinReplicas()).isEqualTo(2);
        assertThat(autoscaler.getMaxReplicas()).isEqualTo(8);
        assertThat(autoscaler.getScaleTargetRef().getName()).isEqualTo("search");
        assertThat(autoscaler.getMetrics())
                .singleElement()
                .satisfies(metric -> assertThat(metric.getResource().getTarget().getAverageUtilization())
                        .isEqualTo(70));
    }

    @Test
    void mountsTheRoutingTableAsAFolderSoThatItsChangesAreSeen() {
        var pod = pod(NOTHING);
        var map = workload(1, 1, NOTHING).routing("{}");
        assertThat(pod.getVolumes())
                .filteredOn(volume -> volume.getConfigMap() != null)
                .extracting(volume -> volume.getConfigMap().getName())
                .containsExactly(map.getMetadata().getName());
        assertThat(container(pod).getVolumeMounts())
                .allSatisfy(mount -> assertThat(mount.getSubPath()).isNull());
        assertThat(container(pod).getArgs())
                .containsSubsequence("serve", "--routing", "/etc/concordance/routing/" + QueryWorkload.ROUTING_FILE)
                .containsSubsequence("--mount", "elasticsearch=/etc/concordance/elasticsearch");
        assertThat(map.getData()).containsOnlyKeys(QueryWorkload.ROUTING_FILE);
    }

    @Test
    void holdsNoKubernetesCredentialsAndNoPrivileges() {
        var pod = pod(ALL);
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        var security = container(pod).getSecurityContext();
        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
        assertThat(security.getReadOnlyRootFilesystem()).isTrue();
        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(pod.getVolumes()).extracting(Volume::getHostPath).containsOnlyNulls();
    }

    @Test
    void goesWithItsQueryServer() {
        var workload = workload(1, 2, NOTHING);
        assertThat(Stream.<HasMetadata>of(
                        workload.deployment(),
                        workload.service(),
                        workload.routing("{}"),
                        workload.disruptionBudget(),
                        workload.autoscaler()))
                .allSatisfy(object -> {
                    assertThat(object.getMetadata().getNamespace()).isEqualTo("docs");
                    assertThat(object.getMetadata().getOwnerReferences())
                            .singleElement()
                            .satisfies(owner -> assertThat(owner.getUid()).isEqualTo("server-uid"));
                });
    }

    @ParameterizedTest
    @CsvSource({"2s, 10, 30", "9s, 10, 30", "21500ms, 22, 30", "22s, 23, 31", "10m, 601, 609"})
    void aPodThatEndsWaitsForTheLongestSearch(String requestTimeout, String drain, long grace) {
        var pod = workload(1, 1, NOTHING, Defaults.duration(requestTimeout, "", ""))
                .deployment()
                .getSpec()
                .getTemplate()
                .getSpec();

        assertThat(container(pod).getArgs()).containsSubsequence("--drain", drain);
        assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(grace);
    }

    private static PodSpec pod(PodTemplate template) {
        return workload(1, 1, template).deployment().getSpec().getTemplate().getSpec();
    }

    private static Container container(PodSpec pod) {
        return pod.getContainers().getFirst();
    }

    private static QueryWorkload workload(int min, int max, PodTemplate template) {
        return workload(min, max, template, Duration.ofSeconds(2));
    }

    private static QueryWorkload workload(int min, int max, PodTemplate template, Duration requestTimeout) {
        var server = new QueryServer();
        server.setMetadata(new ObjectMetaBuilder()
                .withName("search")
                .withNamespace("docs")
                .withUid("server-uid")
                .build());
        var mounts = List.<Mount>of(new Mount.OfSecret("elasticsearch", "es-serve"));
        var image = new WorkerImage("image:1", "Never", List.of("registry"));
        return new QueryWorkload(server, new QueryPods(min, max, 70, requestTimeout, template, mounts, image));
    }
}
