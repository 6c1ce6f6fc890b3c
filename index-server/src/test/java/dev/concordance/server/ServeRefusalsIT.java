package dev.concordance.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.BundledModel;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.ServerProcess.Answer;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that a query server doesn't answer, and what it says instead. */
class ServeRefusalsIT {
    private static final Embedder MODEL = SmallModel.get();
    private static ServerProcess server;

    @BeforeAll
    static void startEverything(@TempDir Path folder) throws Exception {
        var guide = new Guides(SharedNode.url(), MODEL, folder, "refusals");
        guide.index();
        var route = guide.route(SharedNode.url(), BundledModel.ALL_MINILM_L6_V2_Q.manifest());
        server = ServerProcess.start(folder, Guides.anonymous(Guides.limits(), route), List.of());
    }

    @AfterAll
    static void stopEverything() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"query": "x", "k": 0} | k
            {"query": "x", "k": 10001} | k
            {"query": "x", "k": "3"} | k
            {"query": ""} | query
            {} | query
            {"query": "x", "mode": "fast"} | mode
            {"query": "x", "colour": 1} | colour
            {"query": "x", "rerank": "yes"} | rerank
            {"query": "x", "groupBy": "year"} | groupBy
            {"query": "x", "vector": [1, 2]} | vector
            {"query": "x", "vector": [0, 0]} | vector
            {"query": "x", "vector": ["a"]} | vector[0]
            {"query": "x", "mode": "lexical", "vector": [1]} | vector
            {"vector": [1], "mode": "hybrid"} | query
            {"vector": [1], "highlight": true} | highlight
            {"query": "x", "mode": "lexical", "fusion": "rrf"} | fusion
            {"query": "\\ud800"} | query
            {"query": "x", "filter": {"eq": {"month": 1}}} | filter.eq.month
            {"query": "x", "filter": {"eq": {"year": "old"}}} | filter.eq.year
            {"query": "x", "filter": {"like": {"year": 1}}} | filter.like
            {"query": "x", "filter": {"range": {"year": {"above": 1}}}} | filter.range.year.above
            {"query": "x", "filter": {"and": []}} | filter.and
            {"query": "x", "filter": {"and": [{"eq": {"year": 1}}, {"eq": {"_id": "x"}}]}} | filter.and[1].eq._id
            {"query": "x", "query": "y"} | body
            {"query": | body
            [] | body
            """)
    void namesTheFieldThatIsWrong(String body, String field) {
        var answer = search(body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("field").asText()).isEqualTo(field);
        assertThat(answer.body().path("detail").asText()).startsWith(field).doesNotContain("Exception");
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
        assertThat(search("{\"query\": \"" + "x".repeat(2_000_000) + "\"}").status())
                .isEqualTo(413);
    }

    @Test
    void refusesABodyThatIsNotSaidToBeJson() {
        assertThat(typed("application/json; charset=utf-8").status()).isEqualTo(200);
        assertThat(typed("application/x-www-form-urlencoded").status()).isEqualTo(415);
        assertThat(typed("text/plain").status()).isEqualTo(415);
        var none = server.send(server.post("docs", "refusals", BodyPublishers.ofString("{\"query\": \"cats\"}"))
                .build());
        assertThat(none.status()).isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            GET, /v1/namespaces/docs/corpora/refusals/search, 405
            POST, /v1/corpora, 405
            GET, /v1/nothing, 404
            GET, /v2/corpora, 404
            """)
    void answersWithAProblemWhereThereIsNothing(String method, String path, int status) {
        var answer = server.send(HttpRequest.newBuilder(server.url().resolve(path))
                .method(method, BodyPublishers.noBody())
                .build());
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.type()).startsWith("application/problem+json");
        assertThat(answer.body().path("status").asInt()).isEqualTo(status);
    }

    @Test
    void refusesWithAProblemWhatItDoesNotReadToTheEnd() {
        var body = "{\"query\": \"" + "x".repeat(2_000_000) + "\"}";
        var unannounced = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(UTF_8)));
        for (var refused : Map.of(
                        server.post("docs", "refusals", unannounced), 413,
                        server.post("docs", "refusals", BodyPublishers.ofString("{}"))
                                        .header("X-Long", "x".repeat(20_000)),
                                431,
                        HttpRequest.newBuilder(server.url().resolve("/v1/corpora?" + "x".repeat(8_000))), 414)
                .entrySet()) {
            var answer = server.send(
                    refused.getKey().header("Content-Type", "application/json").build());
            assertThat(answer.status()).isEqualTo(refused.getValue());
            assertThat(answer.type()).startsWith("application/problem+json");
            assertThat(answer.body().path("status").asInt()).isEqualTo(refused.getValue());
            assertThat(answer.body().path("requestId").asText()).isNotEmpty();
        }
        assertThat(search("{\"query\": \"cats\"}").status()).isEqualTo(200);
    }

    @Test
    void refusesHeadersThatAreTooLong() {
        var request = server.post("docs", "refusals", BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/json")
                .header("X-Long", "x".repeat(70_000))
                .build();
        assertThat(statusOrHangUp(request)).isEqualTo(431);
        assertThat(search("{\"query\": \"cats\"}").status()).isEqualTo(200);
    }

    @Test
    void saysThatACorpusIsUnknown() {
        assertThat(search("other", "{\"query\": \"x\"}").status()).isEqualTo(404);
        assertThat(server.search("elsewhere", "refusals", "{\"query\": \"x\"}", null)
                        .status())
                .isEqualTo(404);
    }

    /** The server stops reading, so that the answer may be lost on its way; then it has hung up all the same. */
    private static int statusOrHangUp(HttpRequest request) {
        try {
            return server.send(request).status();
        } catch (UncheckedIOException e) {
            return 431;
        }
    }

    private static Answer typed(String contentType) {
        return server.send(server.post("docs", "refusals", BodyPublishers.ofString("{\"query\": \"cats\"}"))
                .header("Content-Type", contentType)
                .build());
    }

    private static Answer search(String body) {
        return server.search("refusals", body);
    }

    private static Answer search(String corpus, String body) {
        return server.search(corpus, body);
    }
}
