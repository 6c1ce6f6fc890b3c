package dev.concordance.localcluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concordance.localcluster.Binaries;
import dev.concordance.localcluster.ControlPlane;
import dev.concordance.localcluster.node.image.OciArchive;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReviewBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerStatus;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class NodeAgentIT {
    private static final Path ROOT = Path.of(System.getProperty("concordance.root"));
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String IMAGE = "test/pod-program:1";
    private static final String CONFIG_MAP = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {colour: %s}
            """;
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
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
        namespace = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
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
    void runsADeploymentBehindItsService() throws IOException {
        deploy(2);
        var url = serviceUrl("web");
        await("both pods to be asked in turn", () -> !get(url, "/name").equals(get(url, "/name")));

        var left = get(url, "/unready");

        await("one of two pods to be left out", () -> readyPods() == 1);
        await(
                "the Service to leave it out too",
                () -> !List.of(get(url, "/name"), get(url, "/name")).contains(left));
    }

    @Test
    void changesAMountedFileAndLeavesTheEnvironmentAsItIs() throws IOException {
        deploy(1);
        var url = serviceUrl("web");
        assertThat(get(url, "/file?colour")).isEqualTo("red");

        apply(CONFIG_MAP.formatted("blue"));

        await("the changed file", () -> get(url, "/file?colour").equals("blue"));
        assertThat(get(url, "/environment?COLOUR")).isEqualTo("red");
    }

    @Test
    void startsACrashedContainerAgainAndLaterEachTime() throws IOException {
        deploy(1);
        var url = serviceUrl("web");
        for (var crashes = 1; crashes <= 2; crashes++) {
            var count = crashes;
            await("the Service's forward", () -> !get(url, "/name").isEmpty());
            assertThatThrownBy(() -> get(url, "/crash")).isInstanceOf(IOException.class);
            await("restart " + count, () -> status(pod()).getRestartCount() == count && readyPods() == 1);
        }
        assertThat(status(pod()).getLastState().getTerminated().getExitCode()).isEqualTo(7);
    }

    @Test
    void goesOnWithRunningPodsWhenTheAgentIsStartedAgain() throws IOException {
        deploy(1);
        var url = serviceUrl("web");
        var pid = get(url, "/pid");

        agent.stop();
        assertThat(agent.daemon().isRunning()).isFalse();
        agent.start(images);

        await("the Service's forward", () -> get(url, "/pid").equals(pid));
        assertThat(readyPods()).isOne();
        assertThat(status(pod()).getRestartCount()).isZero();
        assertThat(serviceUrl("web")).isEqualTo(url);
        client.pods().inNamespace(namespace).delete();
        await("the process to end", () -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
        await("another pod", () -> readyPods() == 1);
    }

    @Test
    void leavesNothingOfWhatIsDeleted() throws IOException {
        deploy(2);
        var url = serviceUrl("web");
        var pid = Long.parseLong(get(url, "/pid"));
        var uid = pod().getMetadata().getUid();

        client.namespaces().withName(namespace).delete();

        await(
                "the namespace to go",
                () -> client.namespaces().withName(namespace).get() == null);
        await("the process to end", () -> ProcessHandle.of(pid).isEmpty());
        await(
                "the pod's folder to go",
                () -> !Files.exists(agent.state().resolve("pods").resolve(uid)));
        await(
                "the Service's file to go",
                () -> !Files.exists(agent.state().resolve("services").resolve(namespace + ".web")));
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
        await(
                "the Job to fail",
                () -> client
                        .batch()
                        .v1()
                        .jobs()
                        .inNamespace(namespace)
                        .withName("failing")
                        .get()
                        .getStatus()
                        .getConditions()
                        .stream()
                        .anyMatch(c ->
                                c.getType().equals("Failed") && c.getStatus().equals("True")));
        assertThat(pod().getStatus().getPhase()).isEqualTo("Failed");
        var terminated = status(pod()).getState().getTerminated();
        assertThat(terminated.getExitCode()).isEqualTo(3);
        assertThat(terminated.getMessage()).contains("nothing to read");
        assertThat(client.pods().resource(pod()).getLog()).contains("nothing to read");
        assertThat(client.pods().resource(pod()).tailingLines(0).getLog()).isEmpty();
    }

    @Test
    void givesAPodTheTokenOfItsServiceAccount() throws IOException {
        apply(DEPLOYMENT
                .replace("/etc/settings]", "/var/run/secrets/kubernetes.io/serviceaccount]")
                .replace("replicas: 2", "replicas: 1"));
        apply(CONFIG_MAP.formatted("red"));
        apply(SERVICE);
        await("the pod", () -> readyPods() == 1);
        var url = serviceUrl("web");
        var config = new ConfigBuilder(Config.empty())
                .withMasterUrl(client.getConfiguration().getMasterUrl())
                .withCaCertFile(get(url, "/environment?KUBERNETES_CERTS_CA_FILE"))
                .withOauthToken(get(url, "/file?token"))
                .build();
        try (var asPod = new KubernetesClientBuilder().withConfig(config).build()) {
            var review = asPod.resource(new SelfSubjectReviewBuilder().build()).create();
            assertThat(review.getStatus().getUserInfo().getUsername())
                    .isEqualTo("system:serviceaccount:" + namespace + ":default");
        }
        assertThat(get(url, "/file?namespace")).isEqualTo(namespace);
    }

    @Test
    void mountsClaimsOfAnyFolderAndOnesThatAreMadeForThem(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("colour"), "green");
        apply("""
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: made-before}
                spec:
                  capacity: {storage: 1Gi}
                  accessModes: [ReadOnlyMany]
                  storageClassName: ""
                  hostPath: {path: %s}
                ---
                apiVersion: storage.k8s.io/v1
                kind: StorageClass
                metadata: {name: host}
                provisioner: kubernetes.io/host-path
                ---
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: docs}
                spec: {accessModes: [ReadOnlyMany], storageClassName: "", volumeName: made-before, resources: {requests: {storage: 1Gi}}}
                ---
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: fresh}
                spec: {accessModes: [ReadWriteOnce], storageClassName: host, resources: {requests: {storage: 1Gi}}}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: reader}
                spec:
                  restartPolicy: Never
                  containers:
                    - name: main
                      image: test/pod-program:1
                      args: [copy, /docs/colour, --to=/fresh/colour]
                      volumeMounts: [{name: docs, mountPath: /docs}, {name: fresh, mountPath: /fresh}]
                  volumes:
                    - {name: docs, persistentVolumeClaim: {claimName: docs}}
                    - {name: fresh, persistentVolumeClaim: {claimName: fresh}}
                """.formatted(folder));
        await("the pod to end", () -> "Succeeded".equals(pod().getStatus().getPhase()));
        var volume = client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withName("fresh")
                .get()
                .getSpec()
                .getVolumeName();
        var made = client.persistentVolumes()
                .withName(volume)
                .get()
                .getSpec()
                .getHostPath()
                .getPath();
        assertThat(Path.of(made, "colour")).hasContent("green");
    }

    @Test
    void saysWhatIsMissingUntilItIsThere() {
        apply(DEPLOYMENT.replace("replicas: 2", "replicas: 1"));
        await(
                "the missing ConfigMap to be named",
                () -> pods().size() == 1 && waiting(pod()).contains("settings"));

        apply(CONFIG_MAP.formatted("red"));

        await("the pod", () -> readyPods() == 1);
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: unknown}
                spec:
                  containers: [{name: main, image: "test/other:1", imagePullPolicy: Never}]
                """);
        await(
                "the missing image to be named",
                () -> waiting(client.pods()
                                .inNamespace(namespace)
                                .withName("unknown")
                                .get())
                        .startsWith(
                                "ErrImageNeverPull the node has no image test/other:1; it has [test/pod-program:1]"));
    }

    @Test
    void letsTheAutoscalerSeeWhatPodsUse() throws IOException {
        deploy(1);
        apply("""
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: web}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                  minReplicas: 1
                  maxReplicas: 2
                  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
                """);
        await(
                "the autoscaler to be active",
                () -> client.autoscaling()
                                        .v2()
                                        .horizontalPodAutoscalers()
                                        .inNamespace(namespace)
                                        .withName("web")
                                        .get()
                                        .getStatus()
                                instanceof HorizontalPodAutoscalerStatus status
                        && status.getCurrentMetrics() != null
                        && status.getCurrentMetrics().stream().anyMatch(m -> m.getResource() != null));
        assertThat(client.top().pods().inNamespace(namespace).metrics().getItems())
                .hasSize(1);
        assertThat(client.top().nodes().metrics(NodeAgentProcess.NODE).getUsage())
                .containsKeys("cpu", "memory");

        get(serviceUrl("web"), "/burn");

        await("a second pod", () -> readyPods() == 2);
    }

    private void deploy(int replicas) {
        apply(CONFIG_MAP.formatted("red"));
        apply(DEPLOYMENT.replace("replicas: 2", "replicas: " + replicas));
        apply(SERVICE);
        await(replicas + " ready pods", () -> readyPods() == replicas);
        await(
                "the Deployment to be available",
                () ->
                        client
                                .apps()
                                .deployments()
                                .inNamespace(namespace)
                                .withName("web")
                                .get()
                                .getStatus()
                                .getConditions()
                                .stream()
                                .anyMatch(c -> c.getType().equals("Available")
                                        && c.getStatus().equals("True")));
    }

    private List<Pod> pods() {
        return client.pods().inNamespace(namespace).list().getItems();
    }

    private Pod pod() {
        return pods().getFirst();
    }

    private long readyPods() {
        return pods().stream()
                .filter(pod -> pod.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True")))
                .count();
    }

    private static String waiting(Pod pod) {
        if (pod.getStatus().getContainerStatuses().isEmpty()) {
            return "";
        }
        var waiting = status(pod).getState().getWaiting();
        return waiting == null ? "" : waiting.getReason() + " " + waiting.getMessage();
    }

    /** A pod is ready some time before its Service forwards to it. */
    private URI serviceUrl(String service) throws IOException {
        var file = agent.state().resolve("services").resolve(namespace + "." + service);
        await(file + " to be written", () -> Files.exists(file));
        var url = URI.create(Files.readString(file).strip());
        await("the Service's forward", () -> !get(url, "/name").isEmpty());
        return url;
    }

    /** On a connection of its own, so that each is forwarded anew. */
    private static String get(URI url, String path) throws IOException {
        var connection = (HttpURLConnection) url.resolve(path).toURL().openConnection();
        connection.setRequestProperty("Connection", "close");
        connection.setReadTimeout(10_000);
        try (var content = connection.getInputStream()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
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

    private interface Condition {
        boolean holds() throws IOException;
    }

    /** What can't be asked doesn't hold yet. */
    private static void await(String what, Condition condition) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            assertThat(System.nanoTime())
                    .as(() -> "waiting for " + what + "; the end of the agent's log:\n"
                            + agent.daemon().logTail())
                    .isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (IOException e) {
            return false;
        }
    }
}
