package dev.concordance.operator.testing;

import dev.concordance.localcluster.Binaries;
import dev.concordance.localcluster.Command;
import dev.concordance.localcluster.ControlPlane;
import dev.concordance.localcluster.servers.ElasticsearchProcess;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real control plane with our CustomResourceDefinitions, and a real Elasticsearch: started once for all tests of a JVM,
 * gone with it. There is no node; {@link FakeWorkers} stand for pods.
 */
public final class TestCluster {
    /** The namespace that operators run in. */
    public static final String SYSTEM = "concordance-system";

    /** The Lease, and the ServiceAccount, of an operator that the chart installs. */
    public static final String CHART_OPERATOR = "concordance-operator";

    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    private final Path state;
    private final Binaries binaries;
    private final ControlPlane controlPlane;
    private final ElasticsearchProcess elasticsearch;
    private final KubernetesClient client;

    private TestCluster(Path state) {
        this.state = state;
        binaries = Binaries.provide(root(), message -> {});
        controlPlane = ControlPlane.in(state.resolve("kubernetes"), binaries);
        Runtime.getRuntime().addShutdownHook(new Thread(controlPlane::stop));
        controlPlane.start();
        elasticsearch =
                ElasticsearchProcess.start(ElasticsearchProcess.Options.forTest(state.resolve("elasticsearch")));
        install();
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig(apiServer(), token(SYSTEM, "test"))))
                .build();
    }

    private static final class Shared {
        static final TestCluster CLUSTER = new TestCluster(freshState());
    }

    /** The cluster of this JVM. */
    public static TestCluster get() {
        return Shared.CLUSTER;
    }

    /** The root of the project. */
    public static Path root() {
        return Path.of(System.getProperty("concordance.root", "..")).toAbsolutePath();
    }

    /** A client with all rights, that is not the operator's. */
    public KubernetesClient client() {
        return client;
    }

    /** What an operator connects with. */
    public Path kubeconfig() {
        return state.resolve("operator.kubeconfig");
    }

    /** A folder for files of a test. */
    public Path folder() {
        return state;
    }

    /** The API server's URL. */
    public URI apiServer() {
        return URI.create("https://127.0.0.1:" + controlPlane.ports().apiServer());
    }

    /** The certificate of the authority that the API server's own is from. */
    Path authority() {
        return controlPlane.pki().resolve("ca.crt");
    }

    /** Elasticsearch. */
    public ElasticsearchProcess elasticsearch() {
        return elasticsearch;
    }

    /** What operators have changed from now on. */
    public Audit audit() {
        return Audit.from(controlPlane.auditLog());
    }

    /** A new namespace. */
    public String namespace(String purpose) {
        var name = purpose + "-" + NAMESPACES.incrementAndGet();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    /** Writes the operator's kubeconfig for another address of the API server. */
    public Path kubeconfigFor(URI server, String name) {
        return kubeconfigFor(server, name, token(SYSTEM, "operator"));
    }

    private Path kubeconfigFor(URI server, String name, String token) {
        try {
            var file = state.resolve(name + ".kubeconfig");
            Files.writeString(file, kubeconfig(server, token));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Gives an operator the rights that the chart gives it.
     *
     * @param release the namespace that it is installed to
     * @param settings of the chart
     * @return what it connects with
     */
    public Path chartRights(String release, String... settings) {
        var render = new ArrayList<>(List.of(
                "template", "concordance", root().resolve("helm/concordance").toString()));
        render.addAll(List.of("--namespace", release, "--show-only", "templates/rbac.yaml"));
        List.of(settings).forEach(setting -> render.addAll(List.of("--set", setting)));
        var rights = new Command(List.of(binaries.path("helm")), Map.of()).run(render.toArray(String[]::new));
        kubectl().feed(rights, "apply", "--server-side", "-f", "-");
        return kubeconfigFor(apiServer(), release, token(release, CHART_OPERATOR));
    }

    private void install() {
        kubectl("create", "namespace", SYSTEM);
        kubectl("create", "serviceaccount", "operator", "--namespace", SYSTEM);
        kubectl("create", "serviceaccount", "test", "--namespace", SYSTEM);
        for (var account : List.of("operator", "test")) {
            kubectl(
                    "create",
                    "clusterrolebinding",
                    account,
                    "--clusterrole=cluster-admin",
                    "--serviceaccount=" + SYSTEM + ":" + account);
        }
        kubectl(
                "apply",
                "--server-side",
                "-f",
                root().resolve("helm/concordance/crds").toString());
        kubectl("wait", "--for=condition=Established", "crd", "--all");
        kubeconfigFor(apiServer(), "operator");
    }

    private String token(String namespace, String account) {
        return kubectl("create", "token", account, "--namespace", namespace, "--duration=12h")
                .strip();
    }

    private String kubeconfig(URI server, String token) {
        return """
                apiVersion: v1
                kind: Config
                clusters: [{name: test, cluster: {server: "%s", %s}}]
                users: [{name: test, user: {token: "%s"}}]
                contexts: [{name: test, context: {cluster: test, user: test}}]
                current-context: test
                """.formatted(
                        server,
                        server.getScheme().equals("https")
                                ? "certificate-authority: \"" + authority() + "\""
                                : "insecure-skip-tls-verify: true",
                        token);
    }

    private String kubectl(String... arguments) {
        return kubectl().run(arguments);
    }

    private Command kubectl() {
        return new Command(
                List.of(
                        binaries.path("kubectl"),
                        "--kubeconfig",
                        controlPlane.kubeconfig().toString()),
                Map.of());
    }

    private static Path freshState() {
        try {
            return Files.createTempDirectory(Files.createDirectories(root().resolve("operator/target")), "cluster-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
