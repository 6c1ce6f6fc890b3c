package dev.concordance.localcluster.quickstart;

import dev.concordance.localcluster.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** The operator, installed by its Helm chart into a namespace that enforces Pod Security {@code restricted}. */
public final class Installation {
    /** Where the operator is installed. */
    static final String NAMESPACE = "concordance-system";

    private static final String RELEASE = "concordance";
    private static final String NAMESPACE_MANIFEST = """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: %s
              labels:
                pod-security.kubernetes.io/enforce: restricted
                pod-security.kubernetes.io/enforce-version: latest
            """.formatted(NAMESPACE);

    private final Command kubectl;
    private final Command helm;
    private final Path chart;
    private final Path work;

    /** @param work a folder for files that the programs read */
    public Installation(Command kubectl, Command helm, Path root, Path work) {
        this.kubectl = kubectl;
        this.helm = helm;
        this.chart = root.resolve("helm/concordance");
        this.work = work;
    }

    /** Installs or upgrades the chart with these values, unless that is what is installed. */
    public void ensure(List<String> values, Consumer<String> progress) {
        var description = "content " + digest(values);
        if (isInstalled(description)) {
            return;
        }
        progress.accept("Installing the operator by its Helm chart into the namespace " + NAMESPACE);
        kubectl.run("apply", "--server-side", "-f", written("namespace.yaml", NAMESPACE_MANIFEST));
        // Helm installs the folder crds/ once and never upgrades it.
        kubectl.run(
                "apply",
                "--server-side",
                "--force-conflicts",
                "-f",
                chart.resolve("crds").toString());
        var upgraded = helm.attempt(
                "upgrade",
                RELEASE,
                chart.toString(),
                "--install",
                "--skip-crds",
                "--namespace",
                NAMESPACE,
                "--values",
                written("values.yaml", String.join("\n", values) + "\n"),
                "--description",
                description,
                "--wait",
                "--timeout",
                "3m");
        if (upgraded.exitCode() != 0) {
            throw new IllegalStateException("the chart was not installed: "
                    + upgraded.output().strip() + "\n"
                    + kubectl.attempt("get", "pods,events", "--namespace", NAMESPACE)
                            .output());
        }
    }

    private boolean isInstalled(String description) {
        var status = helm.attempt("status", RELEASE, "--namespace", NAMESPACE, "--output", "json");
        return status.exitCode() == 0
                && status.output().contains("\"description\":\"" + description + "\"")
                && status.output().contains("\"status\":\"deployed\"");
    }

    private String written(String name, String content) {
        try {
            Files.createDirectories(work);
            return Files.writeString(work.resolve(name), content).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String digest(List<String> values) {
        try (var files = Files.walk(chart)) {
            var sha256 = MessageDigest.getInstance("SHA-256");
            for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                sha256.update(chart.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                sha256.update(Files.readAllBytes(file));
            }
            for (var value : values) {
                sha256.update(value.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(sha256.digest(), 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
