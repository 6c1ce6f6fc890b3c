package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Tracer;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is asked, the tracer is no answer, and takes no answer's place. */
class TracerHiddenIT {
    private static final Embedder MODEL = SmallModel.get();
    private static final GenerationManifest PLAIN = Corpora.manifest(1);
    private static final GenerationManifest HIERARCHICAL =
            Corpora.manifest(1, new Chunking.Hierarchical(96, 24, "{title} > {headings}"));

    private static ServerProcess server;
    private static Guides plain;
    private static Guides hierarchical;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        plain = new Guides(SharedNode.url(), MODEL, folder, "traced");
        plain.index(PLAIN);
        hierarchical = new Guides(SharedNode.url(), MODEL, folder, "traced-parents");
        hierarchical.index(HIERARCHICAL);
        var model = BundledModel.ALL_MINILM_L6_V2_Q.manifest();
        server = ServerProcess.start(
                folder,
                Guides.anonymous(
                        Guides.limits(),
                        plain.route(SharedNode.url(), model),
                        hierarchical.route(SharedNode.url(), model)),
                List.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lexical", "semantic", "hybrid"})
    void isNotFoundByItsWordOrItsVectorThoughItIsThere(String mode) {
        for (var guide : List.of(plain, hierarchical)) {
            assertThat(isThere(guide)).isTrue();
            for (var k : List.of(1, 10, 1_000)) {
                var asked = request(Tracer.TEXT, k, mode).put("highlight", true).put("explain", true);
                assertThat(texts(guide, asked)).doesNotContain(Tracer.TEXT);
                assertThat(texts(guide, asked.put("groupBy", "document"))).doesNotContain(Tracer.TEXT);
                if (!mode.equals("lexical")) {
                    var vector = asked.putArray("vector");
                    for (var value : Tracer.vector(PLAIN.model().dimensions())) {
                        vector.add(value);
                    }
                    assertThat(texts(guide, asked)).doesNotContain(Tracer.TEXT);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"lexical, 1", "semantic, 1", "hybrid, 1", "semantic, 5", "hybrid, 5"})
    void takesNobodysPlace(String mode, int k) {
        var asked = request("paragraph " + Tracer.TEXT, k, mode);
        assertThat(texts(plain, asked)).hasSize(k);
        assertThat(texts(hierarchical, asked)).hasSize(mode.equals("lexical") ? 1 : k);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"year\": {\"lt\": 3000}}",
                "{\"documentId\": \"tracer\"}",
                "{\"documentId\": \"\"}",
                "{\"source\": \"tracer\"}"
            })
    void isNotFoundByAFilter(String filter) throws Exception {
        var asked = request(Tracer.TEXT, 10, "hybrid");
        asked.set("filter", ManifestJson.mapper().readTree(filter));
        var answer = server.search("traced", asked.toString());
        assertThat(answer.body().toString()).doesNotContain(Tracer.TEXT).doesNotContain("tracedAt");
    }

    private static boolean isThere(Guides guide) {
        var query = "{\"query\": {\"term\": {\"documentKey\": \"" + Tracer.KEY + "\"}}}";
        try (var connection = guide.corpus().connection()) {
            return connection
                    .send("POST", "/" + guide.names().alias() + "/_search", query.getBytes(StandardCharsets.UTF_8))
                    .json()
                    .toString()
                    .contains(Tracer.TEXT);
        }
    }

    private static List<String> texts(Guides guide, ObjectNode asked) {
        var answer = server.search(guide.name(), asked.toString());
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        assertThat(answer.body().toString()).doesNotContain(Tracer.TRACED_AT);
        return answer.body()
                .path("hits")
                .valueStream()
                .map(TracerHiddenIT::text)
                .toList();
    }

    private static String text(JsonNode hit) {
        assertThat(hit.path("documentId").asText()).endsWith(".md");
        return hit.path("text").asText();
    }

    private static ObjectNode request(String query, int k, String mode) {
        return ManifestJson.mapper()
                .createObjectNode()
                .put("query", query)
                .put("k", k)
                .put("mode", mode);
    }
}
