package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.concordance.localcluster.Binaries;
import dev.concordance.localcluster.ControlPlane;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The committed CustomResourceDefinitions on a real API server: what it accepts, refuses, shows and explains. */
class AdmissionIT {
    private static final Path ROOT = Path.of(System.getProperty("concordance.root"));
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAMESPACE = "default";
    private static final String DRY_RUN = "?dryRun=All&fieldValidation=Strict";

    private static ControlPlane controlPlane;
    private static Binaries binaries;
    private static KubernetesClient client;

    @BeforeAll
    static void start(@TempDir Path state) throws IOException {
        binaries = Binaries.provide(ROOT, line -> {});
        controlPlane = ControlPlane.in(state, binaries);
        controlPlane.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(
                                Config.fromKubeconfig(controlPlane.kubeconfig().toFile()))
                        .withClientKeyAlgo("EC")
                        .build())
                .build();
        try (var files = Files.list(ROOT.resolve("helm/concordance/crds"))) {
            for (var file : files.toList()) {
                var definition =
                        client.apiextensions().v1().customResourceDefinitions().load(file.toFile());
                definition.create();
                definition.waitUntilCondition(AdmissionIT::isEstablished, 30, TimeUnit.SECONDS);
            }
        }
    }

    @AfterAll
    static void stop() {
        if (client != null) {
            client.close();
        }
        if (controlPlane != null) {
            controlPlane.stop();
        }
    }

    @TestFactory
    Stream<DynamicNode> accepts() {
        return AdmissionCases.all().stream().map(cases -> {
            var path = cases.path(NAMESPACE) + DRY_RUN;
            var example = dynamicTest("the example", () -> send("POST", path, cases.object()));
            var others = cases.accepted().stream()
                    .map(valid -> dynamicTest(
                            valid.name(),
                            () -> send("POST", path, AdmissionCases.merged(cases.object(), valid.with()))));
            return dynamicContainer(cases.kind(), Stream.concat(Stream.of(example), others));
        });
    }

    @TestFactory
    Stream<DynamicNode> refusesAndSaysWhatToWriteInstead() {
        return AdmissionCases.all().stream()
                .map(cases -> dynamicContainer(
                        cases.kind(),
                        cases.refused().stream()
                                .map(refused -> dynamicTest(refused.name(), () -> {
                                    var object = AdmissionCases.merged(cases.object(), refused.with());
                                    assertThat(refusal("POST", cases.path(NAMESPACE) + DRY_RUN, object))
                                            .contains(refused.says());
                                }))));
    }

    @TestFactory
    Stream<DynamicNode> refusesToChange() {
        return AdmissionCases.all().stream()
                .filter(cases -> !cases.unchangeable().isEmpty())
                .map(cases -> dynamicContainer(
                        cases.kind(),
                        cases.unchangeable().stream()
                                .map(refused -> dynamicTest(refused.name(), () -> refusesToChange(cases, refused)))));
    }

    private static void refusesToChange(AdmissionCases cases, AdmissionCases.Case refused) throws IOException {
        var path = cases.path(NAMESPACE);
        var object = (ObjectNode) AdmissionCases.merged(cases.object(), refused.from());
        ((ObjectNode) object.path("metadata"))
                .put("name", "unchangeable-" + cases.unchangeable().indexOf(refused));
        var before = send("POST", path, object);
        var own = path + "/" + before.at("/metadata/name").asText();
        assertThat(refusal("PUT", own + DRY_RUN, AdmissionCases.merged(before, refused.with())))
                .contains(refused.says());
    }

    @Test
    void acceptsAllThatTheExamplesDeclare() throws IOException {
        var plurals = new ArrayList<String>();
        for (var object : examples()) {
            var cases = AdmissionCases.all().stream()
                    .filter(kind -> kind.kind().equals(object.path("kind").asText()))
                    .findFirst()
                    .orElseThrow();
            ((ObjectNode) object.path("metadata")).put("namespace", NAMESPACE);
            send("POST", cases.path(NAMESPACE) + DRY_RUN, object);
            plurals.add(cases.plural());
        }
        assertThat(plurals).contains("corpora", "queryservers", "searchclusters");
    }

    @Test
    void keepsStatusApartFromSpecAndShowsItInColumns() throws IOException, InterruptedException {
        var corpora = cases("Corpus").path(NAMESPACE);
        var corpus = (ObjectNode) AdmissionCases.merged(cases("Corpus").object(), JSON.readTree("""
                {"metadata": {"name": "shown"}, "status": {"serving": {"generation": 9}}}
                """));
        var created = send("POST", corpora, corpus);
        assertThat(created.has("status")).isFalse();
        var told = (ObjectNode) AdmissionCases.merged(created, JSON.readTree("""
                {"spec": {"deletionPolicy": "Retain"},
                 "status": {"observedGeneration": 1,
                            "serving": {"generation": 2, "documents": 412, "chunks": 3180, "quarantined": 1},
                            "freshness": {"freshAsOf": "2026-05-04T10:12:00Z"},
                            "conditions": [{"type": "Ready", "status": "True", "reason": "Serving", "message": "generation 2 serves",
                                            "lastTransitionTime": "2026-05-04T10:12:30Z"}]}}
                """));

        var updated = send("PUT", corpora + "/shown/status", told);

        assertThat(updated.at("/metadata/generation").asInt()).isEqualTo(1);
        assertThat(updated.at("/spec/deletionPolicy").isMissingNode()).isTrue();
        var lines = kubectl("get", "corpora", "shown").lines().toList();
        assertThat(lines.getFirst().split(" {2,}"))
                .startsWith(
                        "NAME", "READY", "GENERATION", "DOCS", "CHUNKS", "FRESH AS OF", "STALENESS", "REASON", "AGE");
        assertThat(lines.get(1)).matches("shown +True +2 +412 +3180 +2026-05-04T10:12:00Z +\\S+ +Serving +\\S+\\s*");
        assertThat(kubectl("get", "concordance", "-o", "name")).contains("corpus.concordance.dev/shown");
        assertThat(kubectl("get", "cor", "shown", "-o", "wide")).contains("generation 2 serves");
    }

    @Test
    void scalesAQueryServerByTheFewestPods() throws IOException, InterruptedException {
        var servers = cases("QueryServer").path(NAMESPACE);
        send("POST", servers, AdmissionCases.merged(cases("QueryServer").object(), JSON.readTree("""
                {"metadata": {"name": "scaled"}, "spec": {"replicas": {"max": 4}}}
                """)));
        assertThat(JSON.readTree(client.raw(servers + "/scaled/scale"))
                        .at("/spec/replicas")
                        .asInt())
                .isEqualTo(1);

        assertThat(kubectl("scale", "queryserver/scaled", "--replicas=3")).contains("scaled");

        assertThat(JSON.readTree(client.raw(servers + "/scaled")).path("spec").path("replicas"))
                .isEqualTo(JSON.readTree("{\"min\": 3, \"max\": 4}"));
        var scale = JSON.readTree(client.raw(servers + "/scaled/scale"));
        ((ObjectNode) scale.path("spec")).put("replicas", 5);
        assertThat(refusal("PUT", servers + "/scaled/scale", scale))
                .contains("write a max that is not smaller than min");
    }

    @Test
    void explainsFields() throws IOException, InterruptedException {
        assertThat(kubectl("explain", "corpus")).contains("Documents that are kept searchable");
        assertThat(kubectl("explain", "corpus.spec.freshness.maxStaleness").replaceAll("\\s+", " "))
                .contains("a number and a unit (s, m, h, d), at least 2s")
                .contains("Default: 15m");
        assertThat(kubectl("explain", "queryserver.spec.podTemplate.tolerations.effect"))
                .contains("NoSchedule");
    }

    @Test
    void hasShortNamesOfItsOwn() throws IOException, InterruptedException {
        for (var name : List.of("cor", "chunk", "emb", "scl", "qs", "run")) {
            assertThat(kubectl("get", name)).as(name).doesNotContain("lower priority");
        }
    }

    private static AdmissionCases cases(String kind) {
        return AdmissionCases.all().stream()
                .filter(cases -> cases.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isEstablished(@Nullable CustomResourceDefinition definition) {
        return definition != null
                && definition.getStatus() != null
                && definition.getStatus().getConditions() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }

    private static List<JsonNode> examples() throws IOException {
        var yaml = new YAMLMapper();
        var objects = new ArrayList<JsonNode>();
        try (var files = Files.walk(ROOT.resolve("examples"))) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                try (var documents = yaml.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
                    documents.forEachRemaining(objects::add);
                }
            }
        }
        return objects.stream()
                .filter(object -> AdmissionCases.API_VERSION.equals(
                        object.path("apiVersion").asText()))
                .toList();
    }

    private static JsonNode send(String method, String path, JsonNode body) throws IOException {
        return JSON.readTree(client.raw(path, method, body));
    }

    private static String refusal(String method, String path, JsonNode body) {
        var refused = catchThrowableOfType(KubernetesClientException.class, () -> client.raw(path, method, body));
        assertThat(refused).as("the API server accepts %s", body).isNotNull();
        assertThat(refused.getCode()).isIn(400, 422);
        return String.valueOf(refused.getMessage());
    }

    private static String kubectl(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                binaries.path("kubectl"),
                "--kubeconfig",
                controlPlane.kubeconfig().toString(),
                "--namespace",
                NAMESPACE));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
