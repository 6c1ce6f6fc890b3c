package dev.concordance.localcluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The namespace of one test: a Deployment with its Service, and whatever the test adds. */
record TestNamespace(TestNode node, String name) {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    static final String CONFIG_MAP = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {colour: %s}
            """;
    static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
            """;
    static final String DEPLOYMENT = """
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

    void deploy(int replicas) {
        apply(CONFIG_MAP.formatted("red"));
        apply(DEPLOYMENT.replace("replicas: 2", "replicas: " + replicas));
        apply(SERVICE);
        await(replicas + " ready pods", () -> readyPods() == replicas);
        await(
                "the Deployment to be available",
                () -> node
                        .client()
                        .apps()
                        .deployments()
                        .inNamespace(name)
                        .withName("web")
                        .get()
                        .getStatus()
                        .getConditions()
                        .stream()
                        .anyMatch(c ->
                                c.getType().equals("Available") && c.getStatus().equals("True")));
    }

    List<Pod> pods() {
        return node.client().pods().inNamespace(name).list().getItems();
    }

    Pod pod() {
        return pods().getFirst();
    }

    long readyPods() {
        return pods().stream()
                .filter(pod -> pod.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True")))
                .count();
    }

    static String waiting(Pod pod) {
        if (pod.getStatus().getContainerStatuses().isEmpty()) {
            return "";
        }
        var waiting = status(pod).getState().getWaiting();
        return waiting == null ? "" : waiting.getReason() + " " + waiting.getMessage();
    }

    /** A pod is ready some time before its Service forwards to it. */
    URI serviceUrl(String service) throws IOException {
        var file = node.agent().state().resolve("services").resolve(name + "." + service);
        await(file + " to be written", () -> Files.exists(file));
        var url = URI.create(Files.readString(file).strip());
        await("the Service's forward", () -> !get(url, "/name").isEmpty());
        return url;
    }

    /** On a connection of its own, so that each is forwarded anew. */
    static String get(URI url, String path) throws IOException {
        var connection = (HttpURLConnection) url.resolve(path).toURL().openConnection();
        connection.setRequestProperty("Connection", "close");
        connection.setReadTimeout(10_000);
        try (var content = connection.getInputStream()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    void apply(String yaml) {
        node.client()
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .inNamespace(name)
                .serverSideApply();
    }

    static ContainerStatus status(Pod pod) {
        return pod.getStatus().getContainerStatuses().getFirst();
    }

    interface Condition {
        boolean holds() throws IOException;
    }

    /** What can't be asked doesn't hold yet. */
    void await(String what, Condition condition) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds(condition)) {
            assertThat(System.nanoTime())
                    .as(() -> "waiting for " + what + "; the end of the agent's log:\n"
                            + node.agent().daemon().logTail())
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
