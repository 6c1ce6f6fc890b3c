package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.OnnxEmbedder;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.ModelFile;
import dev.concordance.manifest.OnnxModel;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.manifest.RoutingTable.Token;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.SharedNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes while the server runs: routes, tokens, models, each by files as Kubernetes mounts them. */
class ServeReloadIT {
    private static final OnnxModel MODEL = BundledModel.ALL_MINILM_L6_V2_Q.manifest();
    private static final String CATS = "{\"query\": \"cats\"}";
    private static Embedder model;
    private static ServerProcess server;
    private static Guides guide;
    private static Path tokens;

    @BeforeAll
    static void startEverything(@TempDir Path folder) throws Exception {
        model = OnnxEmbedder.open(MODEL, ModelFiles.bundledOnly());
        guide = new Guides(SharedNode.url(), model, folder, "handbook");
        guide.index();
        tokens = Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(tokens.resolve("reader"), "secret-1\n");
        Files.writeString(tokens.resolve("admin"), "secret-of-all\n");
        server = ServerProcess.start(folder, anonymous(MODEL), List.of("tokens-team=" + tokens));
    }

    @AfterAll
    static void stopEverything() {
        server.close();
        model.close();
    }

    @BeforeEach
    void serveAnyone() throws Exception {
        Files.writeString(tokens.resolve("reader"), "secret-1\n");
        server.route(anonymous(MODEL));
        server.await(() -> {
            var answer = server.search("handbook", CATS);
            return answer.status() == 200 && answer.body().path("degraded").isEmpty();
        });
    }

    @Test
    void opensACorpusOnlyToATokenForItAndHidesWhichThereAre() throws Exception {
        server.route(protectedTable());
        server.await(() -> server.search("handbook", CATS).status() == 401 && status("handbook", "secret-1") == 200);
        var missing = server.search("handbook", CATS);
        assertThat(missing.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"concordance\"");
        assertThat(status("handbook", "wrong")).isEqualTo(401);
        assertThat(status("handbook", "secret-1")).isEqualTo(200);
        assertThat(status("secret", "secret-of-all")).isEqualTo(200);
        assertThat(status("absent", "secret-of-all")).isEqualTo(404);

        var hidden = server.search("docs", "secret", CATS, "secret-1");
        var absent = server.search("docs", "absent", CATS, "secret-1");
        assertThat(hidden.status()).isEqualTo(403);
        assertThat(absent.status()).isEqualTo(403);
        assertThat(absent.body().path("detail")).isEqualTo(hidden.body().path("detail"));
        assertThat(absent.headers().map().keySet())
                .isEqualTo(hidden.headers().map().keySet());
        // Even a request that is wrong in itself tells nothing.
        assertThat(server.search("docs", "secret", "{", "secret-1").status()).isEqualTo(403);
        assertThat(server.get("/v1/corpora").status()).isEqualTo(401);
    }

    @Test
    void takesARotatedTokenAndNoLongerTheFormerOne() throws Exception {
        server.route(protectedTable());
        server.await(() -> server.search("handbook", CATS).status() == 401);
        assertThat(status("handbook", "secret-1")).isEqualTo(200);
        Files.writeString(tokens.resolve("reader"), "secret-2\n");
        server.await(() -> status("handbook", "secret-2") == 200);
        assertThat(status("handbook", "secret-1")).isEqualTo(401);
        Files.writeString(tokens.resolve("reader"), "");
        server.await(() -> status("handbook", "secret-2") == 401);
        assertThat(status("handbook", "")).isEqualTo(401);
        assertThat(server.metric("concordance_tokens_without_value")).isEqualTo(1);
        Files.writeString(tokens.resolve("reader"), "secret-1\n");
    }

    @Test
    void servesNobodyWhereNeitherTokensNorAnyoneIsDeclared() throws Exception {
        server.route(new RoutingTable(false, List.of(), List.of(route("handbook", MODEL)), Guides.limits()));
        server.await(() -> server.search("handbook", CATS).status() == 401);
        assertThat(status("handbook", "secret-1")).isEqualTo(401);
    }

    @Test
    void servesANewCorpusAndForgetsAnOldOneWithoutARestart() throws Exception {
        assertThat(server.search("added", CATS).status()).isEqualTo(404);
        server.route(Guides.anonymous(Guides.limits(), route("added", MODEL)));
        server.await(() -> server.search("added", CATS).status() == 200);
        assertThat(server.search("handbook", CATS).status()).isEqualTo(404);
        assertThat(server.text("/q/metrics"))
                .contains("concordance_search_seconds_count{corpus=\"added\"")
                .doesNotContain("concordance_search_seconds_count{corpus=\"handbook\"");
        assertThat(server.metric("concordance_models_loaded")).isEqualTo(1);
    }

    @Test
    void keepsWhatItServesWhenTheRoutingTableIsBroken() throws Exception {
        for (var broken : List.of(
                "{\"anonymous\": tr",
                "",
                "{}",
                "{\"anonymous\":true,\"tokens\":[],\"routes\":[{\"corpus\":\"x\"}],\"limits\":{\"maxK\":1,\"maxRequestBytes\":1,\"requestTimeoutMillis\":1,\"maxConcurrent\":1}}")) {
            server.routeBytes(broken.getBytes(StandardCharsets.UTF_8));
            server.await(() -> server.metric("concordance_routing_broken") == 1);
            assertThat(server.search("handbook", CATS).status()).isEqualTo(200);
            var health = server.get("/q/health/ready");
            assertThat(health.status()).isEqualTo(200);
            assertThat(health.body().toString()).contains("routing table");
            server.route(anonymous(MODEL));
            server.await(() -> server.metric("concordance_routing_broken") == 0);
        }
        assertThat(server.log()).contains("routing not loaded, what was served stays");
    }

    @Test
    void searchesWordsOnlyWhenTheModelIsAnother() throws Exception {
        server.route(anonymous(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest()));
        awaitDegraded("model-mismatch");
        var answer = server.search("handbook", CATS);
        assertThat(answer.body().path("degraded").path(0).asText()).isEqualTo("model-mismatch");
        var best = answer.body().path("hits").path(0);
        assertThat(best.path("documentId").asText()).isEqualTo("cats.md");
        assertThat(best.path("legs").has("semantic")).isFalse();
        assertThat(
                        server.metric(
                                "concordance_search_degraded_total{corpus=\"handbook\",namespace=\"docs\",reason=\"model-mismatch\"}"))
                .isPositive();
    }

    @Test
    void searchesWordsOnlyWhileTheModelCantBeLoaded() throws Exception {
        var lost = new OnnxModel(
                new ModelFile.Bundled("nowhere.onnx", MODEL.model().sha256()),
                MODEL.tokenizer(),
                MODEL.dimensions(),
                MODEL.maxTokens(),
                MODEL.pooling(),
                MODEL.normalize(),
                MODEL.queryPrefix(),
                MODEL.passagePrefix(),
                null);
        assertThat(lost.digest()).isEqualTo(MODEL.digest());
        server.route(anonymous(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest()));
        awaitDegraded("model-mismatch");
        server.route(anonymous(lost));
        awaitDegraded("model-unavailable");
        server.await(() -> server.metric("concordance_models_failed") == 1);
        assertThat(server.get("/q/health/ready").status()).isEqualTo(200);
    }

    private static void awaitDegraded(String reason) throws Exception {
        server.await(() -> server.search("handbook", CATS)
                .body()
                .path("degraded")
                .path(0)
                .asText()
                .equals(reason));
    }

    private static int status(String corpus, String token) {
        return server.search("docs", corpus, CATS, token).status();
    }

    private static RoutingTable protectedTable() {
        return new RoutingTable(
                false,
                List.of(
                        new Token("reader", "tokens-team", "reader", List.of("handbook", "other")),
                        new Token("admin", "tokens-team", "admin", List.of("*"))),
                List.of(route("handbook", MODEL), route("secret", MODEL)),
                Guides.limits());
    }

    private static RoutingTable anonymous(EmbeddingModelManifest model) {
        return Guides.anonymous(Guides.limits(), route("handbook", model), route("second", model));
    }

    private static Route route(String corpus, EmbeddingModelManifest model) {
        var route = guide.route(SharedNode.url(), model);
        return new Route(
                route.namespace(),
                corpus,
                route.alias(),
                route.elasticsearch(),
                route.models(),
                route.metadata(),
                route.retrieval());
    }
}
