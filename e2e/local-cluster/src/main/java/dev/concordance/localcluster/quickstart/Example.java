package dev.concordance.localcluster.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.concordance.localcluster.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code examples/quickstart}: the project's own documentation as a corpus. */
final class Example {
    /** The namespace of the example. */
    static final String NAMESPACE = "docs";

    /** The corpus of the example. */
    static final String CORPUS = "concordance-docs";

    /** The query server of the example. */
    static final String QUERY_SERVER = "search";

    private static final long POLL_MILLIS = 500;
    private static final String OVERLAY = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources: [%s]
            patches:
              - target: {kind: SearchCluster}
                patch: '[{"op": "replace", "path": "/spec/urls", "value": ["%s"]}]'
              - target: {kind: Corpus}
                patch: '[{"op": "replace", "path": "/spec/sources/0/git/url", "value": "%s"}]'
            """;

    private final Command kubectl;
    private final Path manifests;
    private final Path overlay;
    private final ObjectMapper json = new ObjectMapper();

    Example(Command kubectl, Path root, Path work) {
        this.kubectl = kubectl;
        this.manifests = root.resolve("examples/quickstart");
        this.overlay = work.resolve("example");
    }

    /** Applies the manifests with the addresses of this cluster in them. */
    void apply(URI elasticsearch, URI repository) {
        try {
            Files.createDirectories(overlay);
            Files.writeString(
                    overlay.resolve("kustomization.yaml"),
                    OVERLAY.formatted(overlay.relativize(manifests), elasticsearch, repository));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        kubectl.run("apply", "--server-side", "--kustomize", overlay.toString());
    }

    /** Waits until the corpus and its query server are Ready, and says meanwhile what they say. */
    void awaitReady(Console console) {
        try {
            var waiting = kubectl.start(
                    "wait",
                    "--namespace",
                    NAMESPACE,
                    "--for=condition=Ready",
                    "--timeout=10m",
                    "corpus/" + CORPUS,
                    "queryserver/" + QUERY_SERVER);
            var told = new LinkedHashMap<String, String>();
            while (!waiting.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                tell(told, console);
            }
            tell(told, console);
            if (waiting.exitValue() != 0) {
                throw new IllegalStateException("The example did not become Ready. What is known of it:\n"
                        + kubectl.run("describe", "corpora,queryservers,ingestionruns", "--namespace", NAMESPACE));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void tell(Map<String, String> told, Console console) {
        var answer = kubectl.attempt(
                "get", "corpora,ingestionruns,queryservers", "--namespace", NAMESPACE, "--output", "json");
        if (answer.exitCode() != 0) {
            return;
        }
        for (var item : parsed(answer.output()).path("items")) {
            var name = item.path("kind").asText() + " "
                    + item.path("metadata").path("name").asText();
            var sentence = sentence(item);
            if (!sentence.isEmpty() && !sentence.equals(told.put(name, sentence))) {
                console.step(name + ": " + sentence);
            }
        }
    }

    private JsonNode parsed(String text) {
        try {
            return json.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sentence(JsonNode item) {
        for (var condition : item.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("message").asText();
            }
        }
        return "";
    }
}
