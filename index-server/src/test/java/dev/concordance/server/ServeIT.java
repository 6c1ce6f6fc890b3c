package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.OnnxEmbedder;
import dev.concordance.localcluster.servers.ElasticsearchProcess;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.testing.Corpora;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeIT {
    private static final RoutingTable.Token TOKEN =
            new RoutingTable.Token("team", "tokens-team", "token", List.of("guide"));
    private static ElasticsearchProcess node;
    private static ServerProcess server;
    private static Path folder;

    @BeforeAll
    static void startEverything(@TempDir Path temporary) throws Exception {
        folder = temporary;
        node = ElasticsearchProcess.start(ElasticsearchProcess.Options.forTest(folder.resolve("node")));
        try (Embedder model = OnnxEmbedder.open(BundledModel.ALL_MINILM_L6_V2_Q.manifest(), ModelFiles.bundledOnly())) {
            index(model);
        }
        Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(folder.resolve("tokens/token"), "secret-1\n");
        server = ServerProcess.start(
                folder,
                anonymous(BundledModel.ALL_MINILM_L6_V2_Q.manifest()),
                List.of("tokens-team=" + folder.resolve("tokens")));
    }

    @AfterAll
    static void stopEverything() {
        server.close();
        node.close();
    }

    @BeforeEach
    @AfterEach
    void serveToAnyone() throws Exception {
        reroute(anonymous(BundledModel.ALL_MINILM_L6_V2_Q.manifest()), 200, null);
    }

    @Test
    void answersWithPassagesAndWhereTheyAre() {
        var answer =
                search("{\"query\": \"how to install the program\", \"k\": 3, \"highlight\": true, \"explain\": true}");
        assertThat(answer.status()).isEqualTo(200);
        var hit = answer.body().path("hits").path(0);
        assertThat(hit.path("documentId").asText()).isEqualTo("install.md");
        assertThat(hit.path("uri").asText()).isEqualTo("https://example.org/install.md");
        assertThat(hit.path("title").asText()).isEqualTo("Installation");
        assertThat(hit.path("text").asText()).contains("installer");
        assertThat(hit.path("span").path("end").asInt())
                .isGreaterThan(hit.path("span").path("start").asInt());
        assertThat(hit.path("legs").path("lexical").path("rank").asInt()).isPositive();
        assertThat(hit.path("legs").path("semantic").path("contribution").isNumber())
                .isTrue();
        assertThat(hit.path("highlights").toString()).contains("<em>");
        assertThat(answer.body().path("generation").asInt()).isEqualTo(1);
        assertThat(answer.body().path("freshAsOf").asText()).isNotEmpty();
        assertThat(answer.body().path("degraded").isEmpty()).isTrue();
    }

    @Test
    void findsByMeaningWhereNoWordIsShared() {
        var answer = search("{\"query\": \"feline pets\", \"mode\": \"semantic\", \"k\": 1}");
        assertThat(documents(answer)).containsExactly("cats.md");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"eq": {"year": 2020}} | cats.md
            {"ne": {"year": 2020}} | install.md,long.md
            {"in": {"year": [2020, 2021]}} | cats.md,install.md
            {"range": {"year": {"gt": 2020, "lte": 2021}}} | install.md
            {"and": [{"range": {"year": {"gte": 2020}}}, {"not": {"eq": {"year": 2021}}}]} | cats.md
            {"or": [{"eq": {"year": 2020}}, {"eq": {"year": 2021}}]} | cats.md,install.md
            """)
    void filtersByTypedMetadata(String filter, String expected) {
        var answer =
                search("{\"query\": \"the\", \"k\": 50, \"mode\": \"semantic\", \"groupBy\": \"document\", \"filter\": "
                        + filter + "}");
        assertThat(documents(answer).stream().sorted().toList()).containsExactly(expected.split(","));
    }

    @Test
    void groupsByDocument() {
        var answer = search("{\"query\": \"paragraph\", \"k\": 50, \"groupBy\": \"document\"}");
        assertThat(documents(answer)).doesNotHaveDuplicates().contains("long.md");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"query": "x", "k": 0} | 400 | k
            {"query": "x", "k": 10001} | 400 | k
            {"query": "x", "k": "3"} | 400 | k
            {"query": ""} | 400 | query
            {} | 400 | query
            {"query": "x", "mode": "fast"} | 400 | mode
            {"query": "x", "colour": 1} | 400 | colour
            {"query": "x", "rerank": true} | 400 | rerank
            {"query": "x", "groupBy": "year"} | 400 | groupBy
            {"query": "x", "vector": [1, 2]} | 400 | vector
            {"query": "x", "vector": ["a"]} | 400 | vector[0]
            {"query": "x", "filter": {"eq": {"month": 1}}} | 400 | filter.eq.month
            {"query": "x", "filter": {"eq": {"year": "old"}}} | 400 | filter.eq.year
            {"query": "x", "filter": {"like": {"year": 1}}} | 400 | filter.like
            {"query": "x", "filter": {"range": {"year": {"above": 1}}}} | 400 | filter.range.year.above
            {"query": "x", "filter": {"and": []}} | 400 | filter.and
            {"query": "x", "query": "y"} | 400 | body
            {"query": | 400 | body
            [] | 400 | body
            """)
    void namesTheFieldThatIsWrong(String body, int status, String field) {
        var answer = search(body);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().path("field").asText()).isEqualTo(field);
        assertThat(answer.body().path("detail").asText()).isNotEmpty();
        assertThat(answer.body().path("requestId").asText()).isNotEmpty();
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThat(search("{\"query\": \"" + "x".repeat(100_000) + "\"}").status())
                .isEqualTo(413);
        assertThat(search("{\"query\": \"" + "x ".repeat(5_000) + "\"}")
                        .body()
                        .path("field")
                        .asText())
                .isEqualTo("query");
        assertThat(search("{\"query\": \"x\", \"filter\":" + "{\"not\":".repeat(60) + "{}" + "}".repeat(61))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void saysThatACorpusIsUnknown() {
        assertThat(server.search("docs", "other", "{\"query\": \"x\"}", null).status())
                .isEqualTo(404);
    }

    @Test
    void opensACorpusOnlyToATokenForItAndHidesWhichThereAre() throws Exception {
        reroute(withToken(TOKEN), 401, null);
        assertThat(search("{\"query\": \"cats\"}").status()).isEqualTo(401);
        assertThat(server.search("docs", "guide", "{\"query\": \"cats\"}", "wrong")
                        .status())
                .isEqualTo(401);
        assertThat(server.search("docs", "guide", "{\"query\": \"cats\"}", "secret-1")
                        .status())
                .isEqualTo(200);
        var hidden = server.search("docs", "secret", "{\"query\": \"cats\"}", "secret-1");
        var absent = server.search("docs", "absent", "{\"query\": \"cats\"}", "secret-1");
        assertThat(hidden.status()).isEqualTo(403);
        assertThat(absent.body().path("detail")).isEqualTo(hidden.body().path("detail"));
        assertThat(server.get("/v1/corpora").status()).isEqualTo(401);

        Files.writeString(folder.resolve("tokens/token"), "secret-2\n");
        server.await(
                () -> server.search("docs", "guide", "{\"query\": \"cats\"}", "secret-2")
                                .status()
                        == 200,
                folder.resolve("server.log"));
        assertThat(server.search("docs", "guide", "{\"query\": \"cats\"}", "secret-1")
                        .status())
                .isEqualTo(401);
        Files.writeString(folder.resolve("tokens/token"), "secret-1\n");
    }

    @Test
    void switchesTheSemanticLegOffWhenTheModelIsAnother() throws Exception {
        reroute(anonymous(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest()), 200, "model-mismatch");
        var answer = search("{\"query\": \"cats\"}");
        assertThat(answer.body().path("degraded").path(0).asText()).isEqualTo("model-mismatch");
        assertThat(documents(answer)).contains("cats.md");
        assertThat(answer.body().path("hits").path(0).path("legs").has("semantic"))
                .isFalse();
    }

    @Test
    void showsOfAHalfWrittenChangeOnlyTheNewVersion() throws Exception {
        var names = new IndexNames("cc", "docs", "guide");
        try (var connection = dev.concordance.elasticsearch.ElasticsearchConnection.open(
                new ElasticsearchAccess(List.of(node.url().toString()), null, null),
                mount -> folder,
                java.time.Duration.ofSeconds(5))) {
            var body = "{\"query\":{\"term\":{\"documentId\":\"cats.md\"}},\"_source\":{\"exclude_vectors\":false}}";
            var old = connection
                    .send("POST", "/" + names.generation(1) + "/_search", body.getBytes(StandardCharsets.UTF_8))
                    .json()
                    .path("hits")
                    .path("hits")
                    .path(0);
            var key = old.path("_source").path("documentKey").asText();
            var next = ((com.fasterxml.jackson.databind.node.ObjectNode) old.path("_source"))
                    .put("text", "A new text on cats.");
            var path = "/" + names.generation(1) + "/_doc/" + key + ".99.0?routing=" + key + "&refresh=true";
            connection.send("PUT", path, next.toString().getBytes(StandardCharsets.UTF_8));
            var answer = search("{\"query\": \"cats\", \"k\": 50}");
            var texts = new ArrayList<String>();
            answer.body()
                    .path("hits")
                    .forEach(hit -> texts.add(hit.path("documentId").asText() + " "
                            + hit.path("text").asText()));
            assertThat(texts.stream().filter(text -> text.startsWith("cats.md")))
                    .containsExactly("cats.md A new text on cats.");
            connection.send("DELETE", path, null);
        }
    }

    @Test
    void describesItself() throws Exception {
        assertThat(server.text("/openapi")).contains("/v1/namespaces/{namespace}/corpora/{corpus}/search");
        search("{\"query\": \"cats\"}");
        assertThat(server.text("/q/metrics")).contains("concordance_search_seconds_count{corpus=\"guide\"");
        assertThat(server.get("/v1/corpora").body().toString()).contains("guide");
    }

    private static ServerProcess.Answer search(String body) {
        return server.search("docs", "guide", body, null);
    }

    private static List<String> documents(ServerProcess.Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        var ids = new ArrayList<String>();
        for (JsonNode hit : answer.body().path("hits")) {
            ids.add(hit.path("documentId").asText());
        }
        return ids;
    }

    /** Waits until the server answers by the new table. */
    private static void reroute(RoutingTable table, int status, @org.jspecify.annotations.Nullable String degraded)
            throws Exception {
        server.route(table);
        server.await(
                () -> {
                    var answer = search("{\"query\": \"cats\"}");
                    var reason = answer.body().path("degraded").path(0).asText();
                    return answer.status() == status && reason.equals(degraded == null ? "" : degraded);
                },
                folder.resolve("server.log"));
    }

    private static RoutingTable anonymous(EmbeddingModelManifest model) {
        return table(true, List.of(), model);
    }

    private static RoutingTable withToken(RoutingTable.Token token) {
        return table(false, List.of(token), BundledModel.ALL_MINILM_L6_V2_Q.manifest());
    }

    private static RoutingTable table(
            boolean anonymous, List<RoutingTable.Token> tokens, EmbeddingModelManifest model) {
        var names = new IndexNames("cc", "docs", "guide");
        var access = new ElasticsearchAccess(List.of(node.url().toString()), null, null);
        var retrieval =
                new RoutingTable.Retrieval(RoutingTable.Mode.hybrid, RoutingTable.Fusion.weighted, 0.5, 0.5, 60);
        var routes = new ArrayList<RoutingTable.Route>();
        for (var corpus : List.of("guide", "secret")) {
            routes.add(new RoutingTable.Route(
                    "docs",
                    corpus,
                    names.alias(),
                    access,
                    List.of(model),
                    Corpora.manifest(1).metadata(),
                    retrieval));
        }
        return new RoutingTable(anonymous, tokens, routes, new RoutingTable.Limits(1000, 65_536, 5_000, 16));
    }

    private static void index(Embedder model) throws Exception {
        var data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(
                data.resolve("install.md"),
                "---\nyear: 2021\n---\n# Installation\n\nRun the installer to install the program.\n");
        Files.writeString(data.resolve("cats.md"), "---\nyear: 2020\n---\n# Animals\n\nCats sleep all day.\n");
        Files.writeString(
                data.resolve("long.md"), "# Long\n\n" + "Every paragraph has words about nothing.\n\n".repeat(60));
        var corpus = new Corpora(
                node.url(),
                model,
                Corpora.volume("files", null),
                data,
                folder.resolve("work"),
                new IndexNames("cc", "docs", "guide"));
        corpus.create(Corpora.manifest(1));
        corpus.run("r1", Corpora.manifest(1), List.of());
        try (var connection = corpus.connection()) {
            var body = ManifestJson.mapper().createObjectNode();
            body.putArray("actions")
                    .addObject()
                    .putObject("add")
                    .put("index", corpus.names().generation(1))
                    .put("alias", corpus.names().alias());
            connection.send("POST", "/_aliases", body.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
