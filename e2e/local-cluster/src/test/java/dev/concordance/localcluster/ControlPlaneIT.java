package dev.concordance.localcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneIT {
    private static final Path ROOT = Path.of(System.getProperty("concordance.root"));

    @Test
    void startsServesRecordsWritesAndStops(@TempDir Path state) throws IOException, InterruptedException {
        var binaries = Binaries.provide(ROOT, line -> {});
        var controlPlane = ControlPlane.in(state, binaries);
        try {
            controlPlane.start();
            var apiServer = controlPlane.daemon("kube-apiserver").process().orElseThrow();
            assertThat(kubectl(binaries, controlPlane, "create", "namespace", "docs"))
                    .contains("namespace/docs created");

            controlPlane.start();

            assertThat(controlPlane.daemon("kube-apiserver").process()).contains(apiServer);
            assertThat(Files.readString(controlPlane.auditLog()))
                    .contains("\"verb\":\"create\"")
                    .contains("\"name\":\"docs\"");
            assertThat(kubectl(binaries, controlPlane, "get", "namespaces", "-o", "name"))
                    .contains("namespace/docs");
        } finally {
            controlPlane.stop();
        }
        assertThat(controlPlane.daemon("etcd").isRunning()).isFalse();
        assertThat(controlPlane.daemon("kube-apiserver").isRunning()).isFalse();
    }

    private static String kubectl(Binaries binaries, ControlPlane controlPlane, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                binaries.path("kubectl"),
                "--kubeconfig",
                controlPlane.kubeconfig().toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
