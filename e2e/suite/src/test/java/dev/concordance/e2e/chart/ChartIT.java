package dev.concordance.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(ApiServer.Shared.class)
class ChartIT {
    private static final Set<String> READ = Set.of("get", "list", "watch");
    private static final Set<String> CLUSTER_WIDE =
            Set.of("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "Namespace", "PriorityClass");
    private static final Pattern PROJECT_VERSION = Pattern.compile("<version>([^<]+)</version>");

    @Test
    void lintsWithoutAComplaint(ApiServer server) {
        assertThat(server.helm().run("lint", "--strict", Rendered.CHART)).contains("0 chart(s) failed");
    }

    static Stream<Arguments> combinations() {
        return Stream.of(
                Arguments.of("the defaults", new String[] {}),
                Arguments.of("the release's own namespace", new String[] {"watch.scope=own"}),
                Arguments.of(
                        "listed namespaces", new String[] {"watch.scope=listed", "watch.namespaces={team-a,team-b}"}),
                Arguments.of("no roles and a given account", new String[] {
                    "rbac.create=false", "serviceAccount.create=false", "serviceAccount.name=somebody"
                }),
                Arguments.of("three replicas, spread out", new String[] {
                    "replicas=3",
                    "topologySpreadConstraints[0].maxSkew=1",
                    "topologySpreadConstraints[0].topologyKey=kubernetes.io/hostname",
                    "topologySpreadConstraints[0].whenUnsatisfiable=ScheduleAnyway",
                    "topologySpreadConstraints[0].labelSelector.matchLabels.app\\.kubernetes\\.io/component=operator",
                    "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight=1",
                    "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].key=arch",
                    "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].operator=Exists",
                    "tolerations[0].key=infra",
                    "tolerations[0].operator=Exists",
                    "nodeSelector.pool=infra",
                    "priorityClassName=system-cluster-critical"
                }),
                Arguments.of("all of monitoring and a network policy", new String[] {
                    "metrics.serviceMonitor.enabled=true",
                    "metrics.serviceMonitor.labels.release=prometheus",
                    "metrics.podMonitor.enabled=true",
                    "metrics.prometheusRule.enabled=true",
                    "metrics.prometheusRule.labels.release=prometheus",
                    "metrics.service.annotations.owner=search",
                    "networkPolicy.enabled=true",
                    "networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.name=monitoring",
                    "networkPolicy.egress[0].ports[0].port=443"
                }),
                Arguments.of("images by digest, and settings", new String[] {
                    "image.operator.digest=sha256:" + "0a".repeat(32),
                    "image.indexServer.tag=1.2.3",
                    "image.pullPolicy=Always",
                    "imagePullSecrets[0].name=registry",
                    "configuration.concordance\\.elasticsearch\\.check-interval=1m",
                    "env[0].name=HTTPS_PROXY",
                    "env[0].value=http://proxy:3128",
                    "javaOptions=-Xmx256m",
                    "log.level=DEBUG",
                    "log.format=text",
                    "podLabels.team=search",
                    "podAnnotations.note=x"
                }),
                Arguments.of("other names", new String[] {"fullnameOverride=retrieval", "nameOverride=indexes"}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("combinations")
    void isAcceptedByARestrictedNamespaceWithoutAWarning(String title, String[] values, ApiServer server) {
        server.namespace("team-a");
        server.namespace("team-b");
        var rendered = Rendered.with(server.helm(), values);

        var answer =
                server.kubectl().feed(rendered.plain(), "apply", "--dry-run=server", "--validate=strict", "-f", "-");

        assertThat(answer).doesNotContain("Warning").contains("deployment.apps/");
        assertThat(answer.lines().count())
                .isEqualTo(Rendered.parse(rendered.plain()).objects().size());
    }

    @Test
    void grantsTheOperatorWhatItDoesAndNothingElse(ApiServer server) {
        var role = Rendered.with(server.helm())
                .of("ClusterRole")
                .filter(found -> found.getMetadata().getName().endsWith("-operator"))
                .findFirst()
                .orElseThrow();
        var granted = new TreeMap<String, Set<String>>();
        for (var rule : rules(role)) {
            for (var resource : rule.getResources()) {
                granted.computeIfAbsent(rule.getApiGroups().getFirst() + "/" + resource, key -> new TreeSet<>())
                        .addAll(rule.getVerbs());
            }
        }

        assertThat(granted).isEqualTo(expected());
    }

    /** The rights that were thought about; a new one is a line here, and one in docs/security.md. */
    private static Map<String, Set<String>> expected() {
        var expected = new TreeMap<String, Set<String>>();
        for (var kind : List.of(
                "chunkingpolicies",
                "corpora",
                "embeddingmodels",
                "erasures",
                "ingestionruns",
                "queryservers",
                "searchclusters")) {
            expected.put("concordance.dev/" + kind, READ);
            expected.put("concordance.dev/" + kind + "/status", Set.of("patch"));
        }
        for (var owner : List.of("corpora", "erasures", "ingestionruns", "queryservers")) {
            expected.put("concordance.dev/" + owner + "/finalizers", Set.of("update"));
        }
        expected.put("concordance.dev/corpora", reading("patch"));
        expected.put("concordance.dev/erasures", reading("patch"));
        expected.put("concordance.dev/searchclusters", reading("patch"));
        expected.put("concordance.dev/ingestionruns", reading("patch", "create", "delete"));
        expected.put("/secrets", READ);
        expected.put("/persistentvolumeclaims", READ);
        expected.put("/serviceaccounts", READ);
        expected.put("/pods", READ);
        expected.put("/events", Set.of("get", "create", "patch"));
        expected.put("/configmaps", reading("create", "patch", "delete"));
        expected.put("/services", reading("create", "patch", "delete"));
        expected.put("apps/deployments", reading("create", "patch", "delete"));
        expected.put("batch/jobs", reading("create", "delete"));
        expected.put("policy/poddisruptionbudgets", reading("create", "patch", "delete"));
        expected.put("autoscaling/horizontalpodautoscalers", reading("create", "patch", "delete"));
        return expected;
    }

    private static Set<String> reading(String... more) {
        var verbs = new TreeSet<>(READ);
        verbs.addAll(List.of(more));
        return verbs;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("combinations")
    void grantsNothingByAWildcard(String title, String[] values, ApiServer server) {
        var rendered = Rendered.with(server.helm(), values);

        for (var role :
                Stream.concat(rendered.of("ClusterRole"), rendered.of("Role")).toList()) {
            assertThat(rules(role))
                    .as(role.getMetadata().getName())
                    .isNotEmpty()
                    .allSatisfy(rule -> {
                        assertThat(rule.getApiGroups()).doesNotContain("*");
                        assertThat(rule.getResources()).doesNotContain("*");
                        assertThat(rule.getVerbs()).doesNotContain("*", "escalate", "bind", "impersonate");
                    });
        }
    }

    @Test
    void staysInsideItsNamespacesWhereTheyAreListed(ApiServer server) {
        for (var values : List.of(
                new String[] {"watch.scope=own", "replicas=2", "networkPolicy.enabled=true"},
                new String[] {"watch.scope=listed", "watch.namespaces={team-a,team-b}"})) {
            var objects = Rendered.with(server.helm(), values).objects();

            assertThat(objects)
                    .extracting(GenericKubernetesResource::getKind)
                    .doesNotContainAnyElementsOf(CLUSTER_WIDE);
            assertThat(objects)
                    .extracting(GenericKubernetesResource::getMetadata)
                    .extracting(ObjectMeta::getNamespace)
                    .isSubsetOf(ApiServer.RESTRICTED, "team-a", "team-b");
        }
    }

    @Test
    void tellsTheOperatorItsNamespacesAndImages(ApiServer server) {
        assertThat(environment(Rendered.with(server.helm())))
                .containsEntry("CONCORDANCE_WATCH_NAMESPACES", "JOSDK_ALL_NAMESPACES")
                .containsEntry("CONCORDANCE_LEADER_ELECTION_NAMESPACE", ApiServer.RESTRICTED)
                .containsEntry("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true")
                .doesNotContainKey("CONCORDANCE_INDEX_SERVER_PULL_SECRETS")
                .doesNotContainKey("CONCORDANCE_INGESTION_PRIVATE_NETWORK_NAMESPACES");
        assertThat(environment(Rendered.with(
                        server.helm(),
                        "watch.scope=listed",
                        "watch.namespaces={team-a,team-b}",
                        "image.indexServer.repository=registry.example.com/x",
                        "image.indexServer.digest=sha256:" + "1f".repeat(32),
                        "imagePullSecrets[0].name=registry",
                        "imagePullSecrets[1].name=mirror",
                        "ingestion.privateNetworkNamespaces={team-a,team-c}",
                        "configuration.concordance\\.watchdog-patience=5m",
                        "log.format=text")))
                .containsEntry("CONCORDANCE_WATCH_NAMESPACES", "team-a,team-b")
                .containsEntry("CONCORDANCE_INDEX_SERVER_IMAGE", "registry.example.com/x@sha256:" + "1f".repeat(32))
                .containsEntry("CONCORDANCE_INDEX_SERVER_PULL_SECRETS", "registry,mirror")
                .containsEntry("CONCORDANCE_INGESTION_PRIVATE_NETWORK_NAMESPACES", "team-a,team-c")
                .containsEntry("CONCORDANCE_WATCHDOG_PATIENCE", "5m")
                .containsEntry("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "false");
    }

    @Test
    void alertsWhereItIsAskedTo(ApiServer server) throws IOException {
        assertThat(Rendered.with(server.helm()).of("PrometheusRule")).isEmpty();
        var rule = Rendered.with(
                        server.helm(),
                        "metrics.prometheusRule.enabled=true",
                        "metrics.prometheusRule.labels.release=prometheus",
                        "metrics.prometheusRule.failedPercent=2",
                        "metrics.prometheusRule.slowMilliseconds=400")
                .of("PrometheusRule")
                .findFirst()
                .orElseThrow();
        var documented = Files.readString(ApiServer.ROOT.resolve("docs/operations.md"));

        assertThat(rule.getMetadata().getLabels()).containsEntry("release", "prometheus");
        assertThat(Serialization.asYaml(rule))
                .contains("namespace=\\\"" + ApiServer.RESTRICTED + "\\\"", "> 2 / 100", "> 400 / 1000");
        var alerts = new ObjectMapper()
                .readTree(Serialization.asJson(rule))
                .at("/spec/groups")
                .valueStream()
                .flatMap(group -> group.path("rules").valueStream());
        assertThat(alerts).isNotEmpty().allSatisfy(alert -> {
            var name = alert.path("alert").asText();
            assertThat(documented)
                    .contains(
                            "| `" + name + "` | " + alert.at("/labels/severity").asText() + " |");
            assertThat(alert.at("/annotations").fieldNames()).toIterable().containsExactly("summary", "description");
        });
    }

    @Test
    void refusesValuesThatItDoesNotKnowAndNamesThem(ApiServer server) {
        assertThat(refusal(server, "replica=2")).contains("replica");
        assertThat(refusal(server, "watch.scope=some")).contains("/watch/scope");
        assertThat(refusal(server, "watch.scope=listed")).contains("/watch/namespaces");
        assertThat(refusal(server, "watch.namespaces={team-a}")).contains("/watch/namespaces");
        assertThat(refusal(server, "image.operator.digest=latest")).contains("/image/operator/digest");
        assertThat(refusal(server, "metrics.prometheusRule.failedPercent=0"))
                .contains("/metrics/prometheusRule/failedPercent");
        assertThat(refusal(server, "ingestion.privateNetworkNamespaces={10.0.0.0/8}"))
                .contains("/ingestion/privateNetworkNamespaces");
        assertThat(refusal(server, "configuration.Retained=5")).contains("/configuration");
        assertThat(refusal(server, "metrics.serviceMonitor.enabled=true", "metrics.service.enabled=false"))
                .contains("/metrics/service/enabled");
    }

    @Test
    void hasTheVersionOfTheProject(ApiServer server) throws IOException {
        var version = PROJECT_VERSION.matcher(Files.readString(ApiServer.ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();

        var chart = server.helm().run("show", "chart", Rendered.CHART);

        assertThat(chart.lines()).contains("version: " + version.group(1), "appVersion: " + version.group(1));
    }

    @Test
    void installsAndLeavesOnlyTheDefinitionsBehind(ApiServer server) {
        server.namespace("coming-and-going");
        server.helm().run("install", "passing", Rendered.CHART, "--namespace", "coming-and-going");
        var account = "system:serviceaccount:coming-and-going:passing-concordance-operator";

        assertThat(mayI(server, account, "get", "secrets", "anywhere")).isTrue();
        assertThat(mayI(server, account, "update", "secrets", "anywhere")).isFalse();
        assertThat(mayI(server, account, "create", "pods", "anywhere")).isFalse();
        assertThat(mayI(server, account, "create", "leases", "coming-and-going"))
                .isTrue();
        assertThat(mayI(server, account, "create", "leases", "anywhere")).isFalse();

        server.helm().run("uninstall", "passing", "--namespace", "coming-and-going");
        assertThat(server.kubectl()
                        .run(
                                "get",
                                "clusterrole,clusterrolebinding,deployment,service,role,rolebinding",
                                "-A",
                                "-o",
                                "name"))
                .doesNotContain("passing");
        assertThat(server.kubectl().run("get", "crd", "-o", "name")).contains("corpora.concordance.dev");
    }

    private static boolean mayI(ApiServer server, String account, String verb, String resource, String namespace) {
        return server.kubectl()
                        .attempt("auth", "can-i", verb, resource, "-n", namespace, "--as", account)
                        .exitCode()
                == 0;
    }

    private static String refusal(ApiServer server, String... settings) {
        var arguments = Stream.concat(
                        Stream.of("template", "concordance", Rendered.CHART),
                        Stream.of(settings).flatMap(setting -> Stream.of("--set", setting)))
                .toArray(String[]::new);
        var result = server.helm().attempt(arguments);
        assertThat(result.exitCode()).isNotZero();
        return result.output();
    }

    private static List<PolicyRule> rules(GenericKubernetesResource role) {
        return Serialization.unmarshal(Serialization.asYaml(role), ClusterRole.class)
                .getRules();
    }

    private static Map<String, String> environment(Rendered rendered) {
        var deployment = Serialization.unmarshal(
                Serialization.asYaml(rendered.of("Deployment").findFirst().orElseThrow()), Deployment.class);
        var environment = new TreeMap<String, String>();
        deployment
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getEnv()
                .forEach(variable -> environment.put(variable.getName(), variable.getValue()));
        return environment;
    }
}
