package dev.concordance.localcluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Pods as processes: what they are given, how they end, and what is left of them. */
@ExtendWith(TestNode.Shared.class)
class PodsIT {
    private final TestNode node;
    private TestNamespace here;

    PodsIT(TestNode node) {
        this.node = node;
    }

    @BeforeEach
    void makeNamespace(TestInfo test) {
        here = node.namespace(test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT));
    }

    @Test
    void changesAMountedFileAndLeavesTheEnvironmentAsItIs() throws IOException {
        here.deploy(1);
        var url = here.serviceUrl("web");
        assertThat(TestNamespace.get(url, "/file?colour")).isEqualTo("red");

        here.apply(TestNamespace.CONFIG_MAP.formatted("blue"));

        here.await(
                "the changed file", () -> TestNamespace.get(url, "/file?colour").equals("blue"));
        assertThat(TestNamespace.get(url, "/environment?COLOUR")).isEqualTo("red");
    }

    @Test
    void startsACrashedContainerAgainAndLaterEachTime() throws IOException {
        here.deploy(1);
        var url = here.serviceUrl("web");
        for (var crashes = 1; crashes <= 2; crashes++) {
            var count = crashes;
            here.await(
                    "the Service's forward",
                    () -> !TestNamespace.get(url, "/name").isEmpty());
            assertThatThrownBy(() -> TestNamespace.get(url, "/crash")).isInstanceOf(IOException.class);
            here.await(
                    "restart " + count,
                    () -> TestNamespace.status(here.pod()).getRestartCount() == count && here.readyPods() == 1);
        }
        assertThat(TestNamespace.status(here.pod())
                        .getLastState()
                        .getTerminated()
                        .getExitCode())
                .isEqualTo(7);
    }

    @Test
    void goesOnWithRunningPodsWhenTheAgentIsStartedAgain() throws IOException {
        here.deploy(1);
        var url = here.serviceUrl("web");
        var pid = TestNamespace.get(url, "/pid");

        node.agent().stop();
        assertThat(node.agent().daemon().isRunning()).isFalse();
        node.startAgent();

        here.await("the Service's forward", () -> TestNamespace.get(url, "/pid").equals(pid));
        assertThat(here.readyPods()).isOne();
        assertThat(TestNamespace.status(here.pod()).getRestartCount()).isZero();
        assertThat(here.serviceUrl("web")).isEqualTo(url);
        node.client().pods().inNamespace(here.name()).delete();
        here.await(
                "the process to end",
                () -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
        here.await("another pod", () -> here.readyPods() == 1);
    }

    @Test
    void leavesNothingOfWhatIsDeleted() throws IOException {
        here.deploy(2);
        var url = here.serviceUrl("web");
        var pid = Long.parseLong(TestNamespace.get(url, "/pid"));
        var uid = here.pod().getMetadata().getUid();

        node.client().namespaces().withName(here.name()).delete();

        here.await(
                "the namespace to go",
                () -> node.client().namespaces().withName(here.name()).get() == null);
        here.await("the process to end", () -> ProcessHandle.of(pid).isEmpty());
        here.await(
                "the pod's folder to go",
                () -> !Files.exists(node.agent().state().resolve("pods").resolve(uid)));
        here.await(
                "the Service's file to go",
                () -> !Files.exists(node.agent().state().resolve("services").resolve(here.name() + ".web")));
    }

    @Test
    void givesAPodTheTokenOfItsServiceAccount() throws IOException {
        here.apply(TestNamespace.DEPLOYMENT
                .replace("/etc/settings]", "/var/run/secrets/kubernetes.io/serviceaccount]")
                .replace("replicas: 2", "replicas: 1"));
        here.apply(TestNamespace.CONFIG_MAP.formatted("red"));
        here.apply(TestNamespace.SERVICE);
        here.await("the pod", () -> here.readyPods() == 1);
        var url = here.serviceUrl("web");
        var config = new ConfigBuilder(Config.empty())
                .withMasterUrl(node.client().getConfiguration().getMasterUrl())
                .withCaCertFile(TestNamespace.get(url, "/environment?KUBERNETES_CERTS_CA_FILE"))
                .withOauthToken(TestNamespace.get(url, "/file?token"))
                .build();
        try (var asPod = new KubernetesClientBuilder().withConfig(config).build()) {
            var review = asPod.resource(new SelfSubjectReviewBuilder().build()).create();
            assertThat(review.getStatus().getUserInfo().getUsername())
                    .isEqualTo("system:serviceaccount:" + here.name() + ":default");
        }
        assertThat(TestNamespace.get(url, "/file?namespace")).isEqualTo(here.name());
    }

    @Test
    void mountsClaimsOfAnyFolderAndOnesThatAreMadeForThem(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("colour"), "green");
        here.apply("""
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
        here.await(
                "the pod to end",
                () -> "Succeeded".equals(here.pod().getStatus().getPhase()));
        var volume = node.client()
                .persistentVolumeClaims()
                .inNamespace(here.name())
                .withName("fresh")
                .get()
                .getSpec()
                .getVolumeName();
        var made = node.client()
                .persistentVolumes()
                .withName(volume)
                .get()
                .getSpec()
                .getHostPath()
                .getPath();
        assertThat(Path.of(made, "colour")).hasContent("green");
    }

    @Test
    void saysWhatIsMissingUntilItIsThere() {
        here.apply(TestNamespace.DEPLOYMENT.replace("replicas: 2", "replicas: 1"));
        here.await(
                "the missing ConfigMap to be named",
                () -> here.pods().size() == 1
                        && TestNamespace.waiting(here.pod()).contains("settings"));

        here.apply(TestNamespace.CONFIG_MAP.formatted("red"));

        here.await("the pod", () -> here.readyPods() == 1);
        here.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: unknown}
                spec:
                  containers: [{name: main, image: "test/other:1", imagePullPolicy: Never}]
                """);
        here.await(
                "the missing image to be named",
                () -> TestNamespace.waiting(node.client()
                                .pods()
                                .inNamespace(here.name())
                                .withName("unknown")
                                .get())
                        .startsWith(
                                "ErrImageNeverPull the node has no image test/other:1; it has [test/pod-program:1]"));
    }
}
