package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.Embedders;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.remote.Purse;
import dev.concordance.localcluster.servers.EmbeddingEndpoint;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.RemoteModels;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.SharedNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches over a corpus whose queries are embedded by an endpoint: by both legs while it answers, else by words. */
class ServeRemoteModelIT {
    private static final String CATS = "{\"query\": \"cats\"}";
    private static EmbeddingEndpoint endpoint;
    private static RemoteModel model;
    private static Guides guide;
    private static ServerProcess server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        endpoint = EmbeddingEndpoint.start();
        model = RemoteModels.openAi(endpoint);
        var manifest = Guides.with(Corpora.manifest(1), model);
        var embedder = Embedders.open(model, ModelFiles.bundledOnly(), Purse.FREE);
        guide = new Guides(SharedNode.url(), embedder, folder, "remote");
        guide.index(manifest);
        server = ServerProcess.start(folder, table(model), List.of());
    }

    @AfterAll
    static void stop() {
        server.close();
        endpoint.close();
    }

    @BeforeEach
    void behave() throws Exception {
        endpoint.behave();
        server.await(() -> degraded().isEmpty());
        endpoint.forget();
    }

    @Test
    void asksTheEndpointForTheVectorOfAQuery() {
        var answer = server.search("remote", CATS);
        assertThat(answer.body().path("hits").path(0).path("legs").has("semantic"))
                .isTrue();
        assertThat(endpoint.texts()).containsExactly("cats");
        assertThat(server.metric("concordance_embedding_requests_total")).isPositive();
        assertThat(server.metric("concordance_embedding_tokens_total")).isPositive();
        server.search("remote", "{\"query\": \"cats\", \"mode\": \"lexical\"}");
        assertThat(endpoint.texts()).as("words need no vector").hasSize(1);
    }

    @Test
    void searchesWordsAtOnceWhileTheEndpointFailsAndComesBackByItself() throws Exception {
        endpoint.misbehave(1_000, EmbeddingEndpoint.status(500));
        for (var i = 0; i < 20; i++) {
            var answer = server.search("remote", CATS);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().path("degraded").toString()).isEqualTo("[\"model-unavailable\"]");
            assertThat(answer.body().path("hits").path(0).path("documentId").asText())
                    .isEqualTo("cats.md");
        }
        assertThat(endpoint.asked()).as("most of them were not sent").hasSizeLessThanOrEqualTo(7);
        endpoint.behave();
        server.await(() -> degraded().isEmpty());
    }

    @Test
    void waitsForASlowEndpointNoLongerThanDeclared() throws Exception {
        var end = new CountDownLatch(1);
        endpoint.observe(texts -> end.await());
        try {
            var begun = System.nanoTime();
            assertThat(degraded()).containsExactly("model-unavailable");
            assertThat(System.nanoTime() - begun).isLessThan(5_000_000_000L);
        } finally {
            endpoint.observe(texts -> {});
            end.countDown();
        }
    }

    @Test
    void followsAnEndpointThatMovesWithoutARestart() throws Exception {
        try (var other = EmbeddingEndpoint.start()) {
            var moved = RemoteModels.openAi(other);
            assertThat(moved.digest()).isEqualTo(model.digest());
            server.route(table(moved));
            server.await(() -> degraded().isEmpty() && !other.asked().isEmpty());
            server.route(table(model));
            server.await(() -> {
                var before = endpoint.asked().size();
                return degraded().isEmpty() && endpoint.asked().size() > before;
            });
        }
    }

    private static List<String> degraded() {
        var codes = new java.util.ArrayList<String>();
        server.search("remote", CATS).body().path("degraded").forEach(code -> codes.add(code.asText()));
        return codes;
    }

    private static RoutingTable table(RemoteModel of) {
        return Guides.anonymous(Guides.limits(), guide.route(SharedNode.url(), of));
    }
}
