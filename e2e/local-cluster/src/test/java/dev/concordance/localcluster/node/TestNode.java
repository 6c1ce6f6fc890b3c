package dev.concordance.localcluster.node;

import dev.concordance.localcluster.Binaries;
import dev.concordance.localcluster.ControlPlane;
import dev.concordance.localcluster.node.image.OciArchive;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A control plane and our node, started once for all tests that take one as a parameter. */
final class TestNode implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("concordance.root"));
    private static final String IMAGE = "test/pod-program:1";

    private final Path state;
    private final ControlPlane controlPlane;
    private final NodeAgentProcess agent;
    private final KubernetesClient client;
    private final Map<String, Path> images;

    private TestNode() throws IOException {
        state = Files.createTempDirectory(ROOT.resolve("e2e/local-cluster/target"), "node-");
        images = Map.of(IMAGE, image(state.resolve("image.tar")));
        controlPlane = ControlPlane.in(state, Binaries.provide(ROOT, line -> {}));
        controlPlane.start();
        agent = new NodeAgentProcess(controlPlane, state.resolve("node"));
        startAgent();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(
                                Config.fromKubeconfig(controlPlane.kubeconfig().toFile()))
                        .withClientKeyAlgo("EC")
                        .build())
                .build();
    }

    /** Gives a test its parameter of this type. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == TestNode.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(TestNode.class))
                    .computeIfAbsent(TestNode.class, key -> start(), TestNode.class);
        }

        private static TestNode start() {
            try {
                return new TestNode();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    KubernetesClient client() {
        return client;
    }

    NodeAgentProcess agent() {
        return agent;
    }

    void startAgent() throws IOException {
        agent.start(images);
    }

    /** A new namespace in which pods can be made. */
    TestNamespace namespace(String name) {
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        var made = new TestNamespace(this, name);
        made.await(
                "the default service account",
                () -> client.serviceAccounts()
                                .inNamespace(name)
                                .withName("default")
                                .get()
                        != null);
        return made;
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

    @Override
    public void close() throws IOException {
        client.close();
        agent.stop();
        agent.stopPods();
        controlPlane.stop();
        try (var files = Files.walk(state)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
