package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What searches show of corpora that are cut in other ways than along headings. */
class StrategiesIT {
    private static final Embedder MODEL = SmallModel.get();
    private static final int DOCUMENTS = 12;
    private static final int PARENTS = 3;
    private static Guides hierarchical;
    private static Guides code;
    private static Guides semantic;
    private static ServerProcess server;
    private static OpenApiContract contract;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        hierarchical = new Guides(SharedNode.url(), MODEL, folder, "hierarchical");
        code = new Guides(SharedNode.url(), MODEL, folder, "code");
        semantic = new Guides(SharedNode.url(), MODEL, folder, "semantic");
        for (var i = 0; i < DOCUMENTS; i++) {
            write(hierarchical, i + ".md", document(i, "nine"));
        }
        write(code, "Shop.java", """
                package shop;

                final class Shop {
                    private final String sign = "there is nothing in this shop, and there will be nothing";

                    /** Counts zebras. */
                    int zebras(Stable stable) {
                        return stable.zebras().size();
                    }

                    /** Sells nothing at all, since it has nothing that anybody would want to buy from it. */
                    void sell(Thing thing) {
                        throw new UnsupportedOperationException("nothing is for sale: " + thing);
                    }
                }
                """);
        write(
                semantic,
                "talk.txt",
                "The cat sleeps on the sofa. Kittens drink milk and purr. A cat hunts mice at night. "
                        + "The central bank raised interest rates. Inflation makes loans expensive. Bonds fell again.");
        index(hierarchical, hierarchical());
        index(code, new Chunking.ByCode(48, "{title} > {headings}"));
        index(semantic, new Chunking.Semantic(96, 8, 80, "{title}"));
        var model = BundledModel.ALL_MINILM_L6_V2_Q.manifest();
        server = ServerProcess.start(
                folder,
                Guides.anonymous(
                        Guides.limits(),
                        hierarchical.route(SharedNode.url(), model),
                        code.route(SharedNode.url(), model),
                        semantic.route(SharedNode.url(), model)),
                List.of());
        contract = new OpenApiContract(server.text("/openapi?format=json"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void showsTheParentOfWhatIsFoundAndMarksIt() {
        var hit = search("hierarchical", "zebra 7", 3, "lexical").path(0);
        var source = document(7, "nine");
        assertThat(hit.path("documentId").asText()).isEqualTo("7.md");
        assertThat(hit.path("text").asText()).isEqualTo(part(source, hit.path("span")));
        var match = part(source, hit.path("match"));
        assertThat(match)
                .contains("zebra 7")
                .hasSizeLessThan(hit.path("text").asText().length() / 2);
        assertThat(hit.path("text").asText()).contains(match);
        assertThat(hit.path("highlights").path(0).asText()).contains("<em>zebra</em>");
    }

    @Test
    void showsEachParentOnceAndAsManyHitsAsAreAskedFor() {
        for (var mode : List.of("lexical", "semantic", "hybrid")) {
            for (var k : List.of(1, 10, DOCUMENTS * PARENTS)) {
                var hits = search("hierarchical", "common words in every sentence", k, mode);
                var shown = new HashSet<String>();
                hits.forEach(hit -> shown.add(
                        hit.path("documentId").asText() + hit.path("span").path("start")));
                assertThat(hits).as("%s %d", mode, k).hasSize(k);
                assertThat(shown).as("%s %d", mode, k).hasSize(k);
            }
        }
    }

    @Test
    void showsOneParentOfADocumentIfAskedTo() {
        var body =
                request("common words in every sentence", DOCUMENTS, "hybrid").put("groupBy", "document");
        var answer = server.search("hierarchical", body.toString());
        var documents = new HashSet<String>();
        answer.body()
                .path("hits")
                .forEach(hit -> documents.add(hit.path("documentId").asText()));
        assertThat(documents).hasSize(DOCUMENTS);
        assertThat(answer.body().path("hits")).hasSize(DOCUMENTS);
    }

    @Test
    void replacesAndRemovesParentsWithTheirDocuments() throws Exception {
        var guide = new Guides(SharedNode.url(), MODEL, hierarchical.folder(), "replaced");
        write(guide, "a.md", document(1, "old"));
        index(guide, hierarchical());
        write(guide, "a.md", document(1, "new"));
        write(guide, "b.md", document(2, "other"));
        guide.corpus().run("r2", Corpora.manifest(1, hierarchical()), List.of());
        Files.delete(guide.folder().resolve("replaced").resolve("b.md"));
        guide.corpus().run("r3", Corpora.manifest(1, hierarchical()), List.of());
        try (var connection = guide.corpus().connection()) {
            var found = connection
                    .send("GET", "/" + guide.names().generation(1) + "/_search?size=1000&q=_exists_:documentId", null)
                    .json()
                    .path("hits")
                    .path("hits");
            assertThat(found)
                    .hasSizeGreaterThan(PARENTS)
                    .allSatisfy(hit -> assertThat(hit.path("_source")
                                    .path("parent")
                                    .path("text")
                                    .asText())
                            .contains("new")
                            .doesNotContain("old")
                            .doesNotContain("other"));
        }
    }

    @Test
    void saysInWhichDefinitionCodeIs() {
        var hit = search("code", "zebras stable", 1, "hybrid").path(0);
        assertThat(texts(hit.path("headings"))).containsExactly("final class Shop", "int zebras(Stable stable)");
        assertThat(hit.path("text").asText())
                .startsWith("/** Counts zebras. */")
                .endsWith("}");
        assertThat(hit.has("match")).isFalse();
    }

    @Test
    void cutsATalkWhereItsSubjectChanges() {
        var hits = search("semantic", "interest rates", 5, "hybrid");
        assertThat(StreamSupport.stream(hits.spliterator(), false)
                        .map(hit -> hit.path("text").asText()))
                .containsExactlyInAnyOrder(
                        "The cat sleeps on the sofa. Kittens drink milk and purr. A cat hunts mice at night.",
                        "The central bank raised interest rates. Inflation makes loans expensive. Bonds fell again.");
    }

    private static Chunking hierarchical() {
        return new Chunking.Hierarchical(96, 24, "{title} > {headings}");
    }

    /** Three sections that are a parent each, of several chunks. */
    private static String document(int number, String word) {
        var text = new StringBuilder("# Document " + number + "\n\n");
        for (var part = 0; part < PARENTS; part++) {
            text.append("## Part ").append(part).append("\n\n");
            var special = part;
            IntStream.range(0, 5)
                    .mapToObj(i -> special == 1 && i == 2
                            ? "Here is the zebra " + number + " that someone looks for, and no common words.\n\n"
                            : "There are common words 😀 in every " + word + " sentence of this part.\n\n")
                    .forEach(text::append);
        }
        return text.toString();
    }

    private static void index(Guides guide, Chunking chunking) {
        var manifest = Corpora.manifest(1, chunking);
        guide.corpus().create(manifest);
        guide.corpus().run("r1", manifest, List.of());
        guide.point(1, 0);
    }

    private static void write(Guides guide, String file, String text) throws Exception {
        Files.writeString(
                Files.createDirectories(guide.folder().resolve(guide.name())).resolve(file), text);
    }

    private static JsonNode search(String corpus, String query, int k, String mode) {
        var answer = server.search(
                corpus, request(query, k, mode).put("highlight", true).toString());
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        assertThat(contract.violations(OpenApiContract.SEARCH, "post", answer)).isEmpty();
        return answer.body().path("hits");
    }

    private static ObjectNode request(String query, int k, String mode) {
        return ManifestJson.mapper()
                .createObjectNode()
                .put("query", query)
                .put("k", k)
                .put("mode", mode);
    }

    private static String part(String source, JsonNode span) {
        return source.substring(
                source.offsetByCodePoints(0, span.path("start").asInt()),
                source.offsetByCodePoints(0, span.path("end").asInt()));
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
