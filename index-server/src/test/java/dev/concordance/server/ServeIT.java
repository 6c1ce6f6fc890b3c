package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.Role;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.ServerProcess.Answer;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeIT {
    private static final Embedder MODEL = SmallModel.get();
    private static ServerProcess server;
    private static OpenApiContract contract;

    @BeforeAll
    static void startEverything(@TempDir Path folder) throws Exception {
        var guide = new Guides(SharedNode.url(), MODEL, folder, "guide");
        guide.index();
        var route = guide.route(SharedNode.url(), BundledModel.ALL_MINILM_L6_V2_Q.manifest());
        server = ServerProcess.start(folder, Guides.anonymous(Guides.limits(), route), List.of());
        contract = new OpenApiContract(server.text("/openapi?format=json"));
    }

    @AfterAll
    static void stopEverything() {
        server.close();
    }

    @Test
    void answersWithPassagesAndWhereTheyAre() {
        var answer =
                search("{\"query\": \"how to install the program\", \"k\": 3, \"highlight\": true, \"explain\": true}");
        assertThat(answer.status()).isEqualTo(200);
        var hit = answer.body().path("hits").path(0);
        assertThat(hit.path("rank").asInt()).isEqualTo(1);
        assertThat(hit.path("documentId").asText()).isEqualTo("install.md");
        assertThat(hit.path("uri").asText()).isEqualTo("https://example.org/install.md");
        assertThat(hit.path("title").asText()).isEqualTo("Installation");
        assertThat(hit.path("metadata").path("year").asInt()).isEqualTo(2021);
        assertThat(Guides.INSTALL.substring(
                        hit.path("span").path("start").asInt(),
                        hit.path("span").path("end").asInt()))
                .isEqualTo(hit.path("text").asText())
                .contains("Run the installer");
        assertThat(hit.path("highlights").toString()).contains("<em>");
        assertThat(answer.body().path("generation").asInt()).isEqualTo(1);
        assertThat(answer.body().path("freshAsOf").asText()).isNotEmpty();
        assertThat(answer.body().path("degraded").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            weighted
            rrf
            """)
    void explainsAScoreByWhatEachLegContributes(String fusion) {
        var answer = search("{\"query\": \"how do cats sleep\", \"explain\": true, \"fusion\": \"" + fusion + "\"}");
        assertThat(answer.body().path("hits")).isNotEmpty();
        for (var hit : answer.body().path("hits")) {
            var sum = 0.0;
            for (var leg : hit.path("legs")) {
                assertThat(leg.path("rank").asInt()).isPositive();
                sum += leg.path("contribution").asDouble();
            }
            assertThat(hit.path("score").asDouble()).isEqualTo(sum);
        }
    }

    @Test
    void findsByMeaningWhereNoWordIsShared() {
        var answer = search("{\"query\": \"feline pets\", \"mode\": \"semantic\", \"k\": 1}");
        assertThat(documents(answer)).containsExactly("cats.md");
    }

    @Test
    void takesTheQuerysVectorInsteadOfItsText() {
        var vector = MODEL.embed(Role.QUERY, "feline pets");
        var doubled = new ArrayList<Float>();
        for (var value : vector) {
            doubled.add(2 * value);
        }
        var byText = search("{\"query\": \"feline pets\", \"mode\": \"semantic\"}");
        var byVector = search("{\"vector\": " + doubled + "}");
        assertThat(documents(byVector)).isEqualTo(documents(byText)).first().isEqualTo("cats.md");
        assertThat(documents(search("{\"query\": \"install\", \"k\": 2, \"vector\": " + Arrays.toString(vector) + "}")))
                .containsExactlyInAnyOrder("cats.md", "install.md");
    }

    @Test
    void marksTheQuerysWordsInEncodedText() {
        var answer = search("{\"query\": \"zebra\", \"mode\": \"lexical\", \"highlight\": true}");
        var highlight =
                answer.body().path("hits").path(0).path("highlights").path(0).asText();
        assertThat(highlight)
                .contains("<em>zebra</em>")
                .contains("&lt;script&gt;")
                .doesNotContain("<script");
    }

    @Test
    void groupsByDocument() {
        var answer = search("{\"query\": \"paragraph\", \"k\": 50, \"groupBy\": \"document\"}");
        assertThat(documents(answer)).doesNotHaveDuplicates().contains("long.md");
        assertThat(documents(search("{\"query\": \"paragraph\", \"k\": 50}"))).hasSizeGreaterThan(4);
    }

    @Test
    void saysThatThereIsNoReranker() {
        var answer = search("{\"query\": \"cats\", \"rerank\": true}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("degraded").path(0).asText()).isEqualTo("rerank-unavailable");
        assertThat(search("{\"query\": \"cats\", \"rerank\": false}").body().path("degraded"))
                .isEmpty();
    }

    @Test
    void keepsAHarmlessRequestIdAndReplacesAnother() throws Exception {
        var body = "{\"query\": \"confidential words\"}";
        var kept = withId("trace-42.a_B", body);
        assertThat(kept.body().path("requestId").asText()).isEqualTo("trace-42.a_B");
        assertThat(kept.headers().firstValue("X-Request-Id")).contains("trace-42.a_B");
        var replaced = withId("{\"injected\": 1}", body);
        assertThat(replaced.body().path("requestId").asText()).hasSize(36);
    }

    @Test
    void logsWhatSomebodyMayAskAboutWithoutWhatWasAskedFor() throws Exception {
        withId("usual", "{\"query\": \"confidential words\"}");
        withId("{\"injected\": 1}", "{\"query\": \"confidential words\", \"rerank\": true}");
        withId("degraded", "{\"query\": \"confidential words\", \"rerank\": true}");
        withId("invalid", "{\"query\": \"confidential words\", \"k\": 0}");
        server.await(() -> read(server::log).contains("requestId=invalid"));
        assertThat(server.log())
                .contains("requestId=degraded")
                .doesNotContain("requestId=usual")
                .doesNotContain("confidential words")
                .doesNotContain("injected");
    }

    @Test
    void showsOfAHalfWrittenChangeOnlyTheNewVersion() throws Exception {
        var guide = new Guides(SharedNode.url(), MODEL, Path.of("unused"), "guide");
        try (var connection = guide.corpus().connection()) {
            var body = "{\"query\":{\"term\":{\"documentId\":\"cats.md\"}},\"_source\":{\"exclude_vectors\":false}}";
            var index = "/" + guide.names().generation(1);
            var old = connection
                    .send("POST", index + "/_search", body.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .json()
                    .path("hits")
                    .path("hits")
                    .path(0)
                    .path("_source");
            var key = old.path("documentKey").asText();
            var next = ((com.fasterxml.jackson.databind.node.ObjectNode) old)
                    .put("text", "A new text on cats.")
                    .put("version", 99)
                    .put("ordinal", 0);
            var path = index + "/_doc/" + key + ".99.0?routing=" + key + "&refresh=true";
            guide.send("PUT", path, next.toString());
            try {
                var texts = new ArrayList<String>();
                search("{\"query\": \"cats\", \"k\": 50}").body().path("hits").forEach(hit -> {
                    if (hit.path("documentId").asText().equals("cats.md")) {
                        texts.add(hit.path("text").asText());
                    }
                });
                assertThat(texts).containsExactly("A new text on cats.");
            } finally {
                guide.send("DELETE", path, null);
            }
        }
    }

    @Test
    void answersAsItsOpenApiDocumentSays() throws Exception {
        for (var body : List.of(
                "{\"query\": \"cats\"}",
                "{\"query\": \"cats\", \"highlight\": true, \"explain\": true, \"groupBy\": \"document\"}",
                "{\"query\": \"cats\", \"mode\": \"lexical\", \"rerank\": true}",
                "{\"query\": \"cats\", \"filter\": {\"in\": {\"year\": [2020, 2021]}}, \"k\": 5}")) {
            assertThat(contract.allows(ManifestJson.mapper().readTree(body)))
                    .as(body)
                    .isTrue();
            var answer = search(body);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(contract.violations(OpenApiContract.SEARCH, "post", answer))
                    .isEmpty();
        }
        for (var answer : List.of(
                search("{\"query\": \"x\", \"k\": 0}"),
                search("other", "{\"query\": \"x\"}"),
                search("{\"query\": \"" + "x".repeat(100_000) + "\"}"),
                search("{\"query\": \"" + "x".repeat(2_000_000) + "\"}"),
                typed("text/plain"))) {
            assertThat(contract.violations(OpenApiContract.SEARCH, "post", answer))
                    .isEmpty();
        }
        assertThat(contract.violations("/v1/corpora", "get", server.get("/v1/corpora")))
                .isEmpty();
        assertThat(contract.allows(ManifestJson.mapper().readTree("{\"query\": \"x\", \"colour\": 1}")))
                .isFalse();
    }

    @Test
    void countsSearchesByCorpusModeAndOutcome() {
        search("{\"query\": \"cats\", \"mode\": \"lexical\"}");
        search("{\"query\": \"cats\", \"k\": 0}");
        search("absent", "{\"query\": \"cats\"}");
        var labels = "{corpus=\"guide\",mode=\"%s\",namespace=\"docs\",outcome=\"%s\"}";
        assertThat(server.metric("concordance_search_seconds_count" + labels.formatted("lexical", "ok")))
                .isPositive();
        assertThat(server.metric("concordance_search_seconds_count" + labels.formatted("none", "invalid")))
                .isPositive();
        assertThat(server.metric("concordance_search_refused_total{status=\"404\"}"))
                .isPositive();
        assertThat(server.metric("concordance_models_loaded")).isEqualTo(1);
        var metrics = server.text("/q/metrics");
        assertThat(metrics)
                .contains("concordance_search_seconds_bucket{corpus=\"guide\"")
                .doesNotContain("absent");
        assertThat(metrics.lines().filter(line -> line.startsWith("concordance_")))
                .hasSizeLessThan(300);
    }

    private static Answer typed(String contentType) {
        return server.send(server.post("docs", "guide", BodyPublishers.ofString("{\"query\": \"cats\"}"))
                .header("Content-Type", contentType)
                .build());
    }

    private static Answer withId(String id, String body) {
        return server.send(server.post("docs", "guide", BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("X-Request-Id", id)
                .build());
    }

    private static Answer search(String body) {
        return server.search("guide", body);
    }

    private static Answer search(String corpus, String body) {
        return server.search(corpus, body);
    }

    private static List<String> documents(Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        var ids = new ArrayList<String>();
        for (JsonNode hit : answer.body().path("hits")) {
            ids.add(hit.path("documentId").asText());
        }
        return ids;
    }

    private static String read(java.util.concurrent.Callable<String> text) {
        try {
            return text.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
