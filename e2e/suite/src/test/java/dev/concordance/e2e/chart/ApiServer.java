package dev.concordance.e2e.chart;

import dev.concordance.localcluster.Binaries;
import dev.concordance.localcluster.Command;
import dev.concordance.localcluster.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A control plane with our kinds, started once for all tests that take one as a parameter. */
final class ApiServer implements AutoCloseable {
    static final Path ROOT = Path.of(System.getProperty("concordance.root"));

    /** Enforces the Pod Security level that all of ours meets, and warns of what it would refuse. */
    static final String RESTRICTED = "concordance-system";

    private final Path state;
    private final ControlPlane controlPlane;
    private final Binaries binaries;

    private ApiServer() throws IOException {
        state = Files.createTempDirectory(ROOT.resolve("e2e/suite/target"), "api-server-");
        binaries = Binaries.provide(ROOT, line -> {});
        controlPlane = ControlPlane.in(state, binaries);
        controlPlane.start();
    }

    private void prepare() {
        kubectl()
                .run(
                        "apply",
                        "--server-side",
                        "--field-manager=helm",
                        "-f",
                        ROOT.resolve("helm/concordance/crds").toString());
        kubectl().run("wait", "--for=condition=Established", "--timeout=60s", "crd", "--all");
        namespace(RESTRICTED);
    }

    /** Gives a test its parameter of this type. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == ApiServer.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(ApiServer.class))
                    .computeIfAbsent(ApiServer.class, key -> start(), ApiServer.class);
        }

        /** Leaves nothing running if it isn't what it should be: each test would start another one. */
        private static ApiServer start() {
            try {
                var server = new ApiServer();
                try {
                    server.prepare();
                } catch (RuntimeException unusable) {
                    server.close();
                    throw unusable;
                }
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Command kubectl() {
        return new Command(
                List.of(
                        binaries.path("kubectl"),
                        "--kubeconfig",
                        controlPlane.kubeconfig().toString()),
                Map.of());
    }

    Command helm() {
        return new Command(
                List.of(binaries.path("helm")),
                Map.of("KUBECONFIG", controlPlane.kubeconfig().toString()));
    }

    /** Makes sure that there is such a namespace, which enforces the level {@code restricted}. */
    void namespace(String name) {
        kubectl().feed("""
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: %s
                  labels:
                    pod-security.kubernetes.io/enforce: restricted
                    pod-security.kubernetes.io/warn: restricted
                """.formatted(name), "apply", "--server-side", "-f", "-");
    }

    @Override
    public void close() throws IOException {
        controlPlane.stop();
        try (var files = Files.walk(state)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
