package dev.concordance.localcluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.localcluster.Binaries;
import dev.concordance.localcluster.ControlPlane;
import dev.concordance.localcluster.node.image.OciArchive;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class NodeAgentIT {
    private static final Path ROOT = Path.of(System.getProperty("concordance.root"));
    private static final String IMAGE = "test/pod-program:1";
    private static final String CONFIG_MAP = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {colour: %s}
            """;
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 5
                  containers:
                    - name: main
                      image: test/pod-program:1
                      args: [serve, /etc/settings]
                      env:
                        - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                        - {name: COLOUR, valueFrom: {configMapKeyRef: {name: settings, key: colour}}}
                      ports: [{name: http, containerPort: 8080}]
                      resources: {requests: {cpu: 100m}, limits: {memory: 64Mi}}
                      startupProbe: {httpGet: {path: /, port: http}, periodSeconds: 1, failureThreshold: 60}
                      livenessProbe: {httpGet: {path: /, port: http}}
                      readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 1, failureThreshold: 1}
                      volumeMounts: [{name: settings, mountPath: /etc/settings}]
                  volumes: [{name: settings, configMap: {name: settings}}]
            """;

    private static ControlPlane controlPlane;
    private static NodeAgentProcess agent;
    private static KubernetesClient client;
    private static Map<String, Path> images;

    private String namespace;

    @BeforeAll
    static void start(@TempDir Path state) throws IOException {
        images = Map.of(IMAGE, image(state.resolve("image.tar")));
        controlPlane = ControlPlane.in(state, Binaries.provide(ROOT, line -> {}));
        controlPlane.start();
        agent = new NodeAgentProcess(controlPlane, state.resolve("node"));
        agent.start(images);
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(
                                Config.fromKubeconfig(controlPlane.kubeconfig().toFile()))
                        .withClientKeyAlgo("EC")
                        .build())
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        agent.stop();
        agent.stopPods();
        controlPlane.stop();
    }

    @BeforeEach
    void makeNamespace(TestInfo test) {
        namespace = test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT);
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        await(
                "the default service account",
                () -> client.serviceAccounts()
                                .inNamespace(namespace)
                                .withName("default")
                                .get()
                        != null);
    }

    @Test
    void runsADeploymentUntilItIsDeleted() {
        apply(CONFIG_MAP.formatted("red"));
        apply(DEPLOYMENT);
        client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("web")
                .waitUntilCondition(
                        web -> web != null
                                && web.getStatus().getAvailableReplicas() != null
                                && web.getStatus().getAvailableReplicas() == 2,
                        60,
                        TimeUnit.SECONDS);
    }

    @Test
    void endsAJobWithItsExitCodeAndTheEndOfItsLog() {
        apply("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: failing}
                spec:
                  backoffLimit: 0
                  template:
                    spec:
                      restartPolicy: Never
                      containers:
                        - name: main
                          image: test/pod-program:1
                          args: [fail, "3", "nothing to read"]
                          terminationMessagePolicy: FallbackToLogsOnError
                """);
        client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName("failing")
                .waitUntilCondition(
                        job -> job.getStatus().getConditions().stream()
                                .anyMatch(c -> c.getType().equals("Failed")
                                        && c.getStatus().equals("True")),
                        60,
                        TimeUnit.SECONDS);
        var pod = client.pods().inNamespace(namespace).list().getItems().getFirst();
        assertThat(pod.getStatus().getPhase()).isEqualTo("Failed");
        var terminated = status(pod).getState().getTerminated();
        assertThat(terminated.getExitCode()).isEqualTo(3);
        assertThat(terminated.getMessage()).contains("nothing to read");
    }

    private void apply(String yaml) {
        client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .inNamespace(namespace)
                .serverSideApply();
    }

    private static ContainerStatus status(Pod pod) {
        return pod.getStatus().getContainerStatuses().getFirst();
    }

    private static Path image(Path file) throws IOException {
        var name = PodProgram.class.getName().replace('.', '/') + ".class";
        try (var code = PodProgram.class.getClassLoader().getResourceAsStream(name)) {
            return new OciArchive()
                    .config("""
                            {"Entrypoint": ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", "/app/classes", "%s"]}
                            """.formatted(PodProgram.class.getName()))
                    .layer(new OciArchive.Layer().file("app/classes/" + name, code.readAllBytes()))
                    .write(file);
        }
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) {
        var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(100).toNanos());
        }
    }
}
