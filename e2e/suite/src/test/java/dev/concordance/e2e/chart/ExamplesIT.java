package dev.concordance.e2e.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ApiServer.Shared.class)
class ExamplesIT {
    private static final Path EXAMPLES = ApiServer.ROOT.resolve("examples");

    static Stream<Path> manifests() throws IOException {
        try (var files = Files.walk(EXAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manifests")
    void isAcceptedByTheApiServerAsItIs(Path manifest, ApiServer server) throws IOException {
        var objects = Rendered.parse(Files.readString(manifest)).objects();
        objects.stream()
                .filter(object -> object.getKind().equals("Namespace"))
                .forEach(namespace -> create(server, namespace));
        var ours = objects.stream().filter(object -> !isOfArgoCd(object)).toList();
        if (ours.isEmpty()) {
            assertThat(objects).isNotEmpty();
            return;
        }
        var yaml = String.join("---\n", ours.stream().map(Serialization::asYaml).toList());

        var answer = server.kubectl()
                .feed(
                        yaml,
                        "apply",
                        "--server-side",
                        "--force-conflicts",
                        "--dry-run=server",
                        "--validate=strict",
                        "-f",
                        "-");

        assertThat(answer).doesNotContain("Warning");
        assertThat(answer.lines()).hasSameSizeAs(ours);
    }

    @Test
    void namesOnlyObjectsOfOursThatItDeclares() throws IOException {
        for (var manifest : manifests().toList()) {
            var objects = Rendered.parse(Files.readString(manifest)).objects();
            for (var corpus : objects.stream()
                    .filter(object -> object.getKind().equals("Corpus"))
                    .toList()) {
                for (var reference : List.of("chunkingPolicyRef", "embeddingModelRef")) {
                    String named = corpus.get("spec", reference, "name");
                    if (named != null) {
                        assertThat(objects)
                                .as(
                                        "%s of %s in %s",
                                        reference, corpus.getMetadata().getName(), manifest)
                                .anyMatch(
                                        object -> object.getMetadata().getName().equals(named)
                                                && object.getMetadata()
                                                        .getNamespace()
                                                        .equals(corpus.getMetadata()
                                                                .getNamespace()));
                    }
                }
            }
        }
    }

    @Test
    void keepsNoSecretInAnExample() throws IOException {
        for (var manifest : manifests().toList()) {
            assertThat(Rendered.parse(Files.readString(manifest)).of("Secret"))
                    .as(manifest.toString())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "ingest", "serve"})
    void documentsThePrivilegesThatItAsksOfElasticsearch(String role) throws IOException {
        var file = Files.readString(EXAMPLES.resolve("production/elasticsearch-roles/" + role + ".json"));

        assertThat(new ObjectMapper().readTree(file).path("name").asText()).isEqualTo("concordance-" + role);
        assertThat(Files.readString(ApiServer.ROOT.resolve("docs/operations.md")))
                .contains("```json\n" + file + "```");
    }

    @Test
    void letsAnOverlayPutTheAddressesIn(ApiServer server, @TempDir Path overlay) throws IOException {
        var base =
                overlay.toRealPath().relativize(EXAMPLES.resolve("quickstart").toRealPath());
        Files.writeString(overlay.resolve("kustomization.yaml"), """
                resources: [%s]
                patches:
                  - target: {kind: SearchCluster}
                    patch: '[{"op": "replace", "path": "/spec/urls", "value": ["http://127.0.0.1:9"]}]'
                  - target: {kind: Corpus}
                    patch: '[{"op": "replace", "path": "/spec/sources/0/git/url", "value": "http://127.0.0.1:8/x.git"}]'
                """.formatted(base));

        var yaml = server.kubectl().run("kustomize", overlay.toString());

        assertThat(yaml)
                .contains("http://127.0.0.1:9", "http://127.0.0.1:8/x.git")
                .doesNotContain("git.example.com");
        Files.delete(overlay.resolve("kustomization.yaml"));
        Files.delete(overlay);
    }

    private static void create(ApiServer server, GenericKubernetesResource namespace) {
        server.kubectl().feed(Serialization.asYaml(namespace), "apply", "--server-side", "-f", "-");
    }

    /** Its kinds are not there on a bare API server. */
    private static boolean isOfArgoCd(GenericKubernetesResource object) {
        return object.getApiVersion().startsWith("argoproj.io/");
    }
}
