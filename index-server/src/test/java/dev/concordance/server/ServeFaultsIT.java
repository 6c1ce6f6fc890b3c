package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.Embedder;
import dev.concordance.localcluster.servers.ElasticsearchCall;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches over an Elasticsearch that is slow, busy, gone, or changes what an alias points to. */
class ServeFaultsIT {
    private static final String CATS = "{\"query\": \"cats\"}";
    private static final Predicate<ElasticsearchCall> CANDIDATES = call -> call.isTo("/_msearch");
    private static final Predicate<ElasticsearchCall> PASSAGES = call -> call.isTo("/_search");
    private static final Embedder MODEL = SmallModel.get();
    private static Guides guide;
    private static Path folder;
    private static RecordingProxy proxy;
    private static ServerProcess server;

    @BeforeAll
    static void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        guide = new Guides(SharedNode.url(), MODEL, folder, "faulty");
        guide.index();
        proxy = RecordingProxy.start(SharedNode.url());
        server = ServerProcess.start(folder, table(60_000, 4), List.of());
    }

    @AfterAll
    static void stop() {
        server.close();
        proxy.close();
    }

    @BeforeEach
    void calm() throws Exception {
        proxy.calm();
        server.route(table(60_000, 4));
        server.await(() -> server.search("faulty", CATS).status() == 200);
    }

    @Test
    void asksElasticsearchForCandidatesAndThenForWhatItShows() {
        proxy.forget();
        for (var i = 0; i < 20; i++) {
            var mode = List.of("hybrid", "lexical", "semantic").get(i % 3);
            var body = "{\"query\": \"cats %d\", \"mode\": \"%s\", \"highlight\": true, \"groupBy\": \"document\"}";
            assertThat(server.search("faulty", body.formatted(i, mode)).status())
                    .isEqualTo(200);
        }
        assertThat(proxy.count(CANDIDATES)).isEqualTo(20);
        assertThat(proxy.count(PASSAGES)).isEqualTo(20);
        // Beside them only the look at the aliases, which is by the clock, and writes nothing.
        assertThat(proxy.calls())
                .allMatch(CANDIDATES
                        .or(PASSAGES)
                        .or(call -> call.isTo("/_mapping"))
                        .or(call -> call.isTo("/_mget")));
        assertThat(proxy.writes()).isEmpty();
        var none = server.search("faulty", "{\"query\": \"zyzzyva\", \"mode\": \"lexical\"}");
        assertThat(none.body().path("hits")).isEmpty();
        assertThat(proxy.count(PASSAGES)).as("nothing to show").isEqualTo(20);
    }

    @Test
    void searchesAgainIfAChunkGoesBeforeItIsShown() throws Exception {
        create(2, 384);
        addChunk(2, 384, "1".repeat(32));
        guide.point(2, 1);
        server.await(
                () -> server.search("faulty", CATS).body().path("generation").asInt() == 2);
        var hold = new Disturbance.Hold();
        proxy.disturb(PASSAGES, 1, hold);
        proxy.forget();
        var held = server.searchLater("faulty", CATS);
        hold.awaitCall();
        guide.send("DELETE", chunkPath(2, "1".repeat(32)), null);
        hold.release();
        assertThat(held.get().body().path("hits").findValuesAsText("chunkId")).containsExactly("0".repeat(32) + ".1.0");
        assertThat(proxy.count(CANDIDATES)).isEqualTo(2);
        guide.point(1, 2);
        guide.send("DELETE", "/" + guide.names().generation(2), null);
    }

    @Test
    void searchesTheNextGenerationIfTheFormerGoesBeforeItIsShown() throws Exception {
        create(2, 384);
        guide.point(2, 1);
        server.await(
                () -> server.search("faulty", CATS).body().path("generation").asInt() == 2);
        var hold = new Disturbance.Hold();
        proxy.disturb(PASSAGES, 1, hold);
        var held = server.searchLater("faulty", CATS);
        hold.awaitCall();
        guide.point(1, 2);
        guide.send("DELETE", "/" + guide.names().generation(2), null);
        hold.release();
        assertThat(held.get().status()).isEqualTo(200);
        assertThat(held.get().body().path("generation").asInt()).isEqualTo(1);
    }

    @Test
    void endsASearchAtItsDeadline() throws Exception {
        server.route(table(300, 4, 800));
        server.await(() ->
                server.search("faulty", "{\"query\": \"cats\", \"k\": 801}").status() == 400);
        proxy.disturb(CANDIDATES, 1_000, new Disturbance.Hold());
        var answer = server.search("faulty", CATS);
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.body().path("detail").asText()).contains("300 ms");
        assertThat(answer.type()).startsWith("application/problem+json");
        proxy.calm();
        assertThat(server.search("faulty", "{\"query\": \"cats\", \"mode\": \"lexical\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void takesNoMoreSearchesThanItsLimitAtATime() throws Exception {
        server.route(table(60_000, 2, 900));
        server.await(() ->
                server.search("faulty", "{\"query\": \"cats\", \"k\": 901}").status() == 400);
        var hold = new Disturbance.Hold();
        proxy.disturb(CANDIDATES, 2, hold);
        var held = List.of(server.searchLater("faulty", CATS), server.searchLater("faulty", CATS));
        server.await(() -> server.metric("concordance_searches_active") == 2);
        var refused = server.search("faulty", CATS);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        hold.release();
        for (var one : held) {
            assertThat(one.get().status()).isEqualTo(200);
        }
        assertThat(server.search("faulty", CATS).status()).isEqualTo(200);
    }

    @Test
    void saysThatElasticsearchIsGoneAndStaysReady() throws Exception {
        proxy.disturb(call -> true, 100_000, new Disturbance.Disconnect(false));
        var answer = server.search("faulty", CATS);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(answer.body().path("detail").asText()).doesNotContain("Exception");
        server.await(() -> server.metric("concordance_elasticsearch_unreachable") == 1);
        var health = server.get("/q/health/ready");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.body().toString()).contains("not reached").doesNotContain("faulty");
        proxy.calm();
        server.await(() -> server.search("faulty", CATS).status() == 200);
        server.await(() -> server.metric("concordance_elasticsearch_unreachable") == 0);
    }

    @Test
    void givesNoPartOfAnAnswer() {
        proxy.disturb(PASSAGES, 1, new Disturbance.Refuse(200, "{\"_shards\":{\"failed\":1},\"hits\":{\"hits\":[]}}"));
        assertThat(server.search("faulty", CATS).status()).isEqualTo(503);
        proxy.disturb(
                CANDIDATES,
                1,
                new Disturbance.Refuse(
                        200,
                        "{\"responses\":[{\"_shards\":{\"failed\":1},\"hits\":{\"hits\":[]},\"status\":200},"
                                + "{\"_shards\":{\"failed\":0},\"hits\":{\"hits\":[]},\"status\":200}]}"));
        assertThat(server.search("faulty", CATS).status()).isEqualTo(503);
    }

    @Test
    void answersFromOneGenerationWhileTheAliasMovesBetweenThem() throws Exception {
        // Generation 2 has vectors of another model, of another length: a leg with the former query vector fails there.
        create(2, 8);
        create(3, 384);
        var stop = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(3)) {
            Callable<List<String>> asking = () -> {
                var wrong = new ArrayList<String>();
                while (!stop.get()) {
                    var answer = server.search("faulty", CATS);
                    var generation =
                            "generation " + answer.body().path("generation").asInt();
                    if (answer.status() != 200 || answer.body().path("hits").isEmpty()) {
                        wrong.add(answer.body().toString());
                    }
                    answer.body().path("hits").forEach(hit -> {
                        var title = hit.path("title").asText();
                        if (title.startsWith("generation") ? !title.equals(generation) : !generation.endsWith(" 1")) {
                            wrong.add(generation + ": " + title);
                        }
                    });
                }
                return wrong;
            };
            var asked = List.of(threads.submit(asking), threads.submit(asking), threads.submit(asking));
            var former = 1;
            for (var next : new int[] {2, 1, 3, 2, 3, 1, 2, 3}) {
                guide.point(next, former);
                former = next;
                var now = next;
                server.await(() ->
                        server.search("faulty", CATS).body().path("generation").asInt() == now);
            }
            guide.point(1, former);
            // A former generation's index may go at once.
            guide.send("DELETE", "/" + guide.names().generation(2), null);
            guide.send("DELETE", "/" + guide.names().generation(3), null);
            server.await(() ->
                    server.search("faulty", CATS).body().path("generation").asInt() == 1);
            stop.set(true);
            for (var one : asked) {
                assertThat(one.get()).isEmpty();
            }
        }
    }

    @Test
    void finishesWhatItHasBegunWhenItIsTold() throws Exception {
        try (var ending = Ending.amidASearch()) {
            // Balancers hear of it late: what they still send is answered, and the connection closed.
            ending.server().await(() -> {
                var late = ending.server().search("faulty", CATS);
                assertThat(late.status()).isEqualTo(200);
                return late.headers().firstValue("Connection").orElse("").equals("close");
            });
            assertThat(ending.held()).isNotDone();
            ending.hold().release();
            assertThat(ending.held().get().status()).isEqualTo(200);
            assertThat(ending.server().ended()).succeedsWithin(Duration.ofSeconds(8));
        }
    }

    @Test
    void endsThoughASearchDoesNot() throws Exception {
        try (var ending = Ending.amidASearch()) {
            assertThat(ending.server().ended()).succeedsWithin(ServerProcess.DRAIN.plusSeconds(4));
            assertThat(ending.held()).failsWithin(Duration.ofSeconds(1));
        }
    }

    /** A server of its own that was told to end while Elasticsearch held the answer to a search. */
    private record Ending(ServerProcess server, Disturbance.Hold hold, CompletableFuture<ServerProcess.Answer> held)
            implements AutoCloseable {
        static Ending amidASearch() throws Exception {
            var server = ServerProcess.start(Files.createTempDirectory(folder, "ending"), table(60_000, 4), List.of());
            var hold = new Disturbance.Hold();
            proxy.disturb(CANDIDATES, 1, hold);
            var held = server.searchLater("faulty", CATS);
            hold.awaitCall();
            server.terminate();
            return new Ending(server, hold, held);
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private static RoutingTable table(long timeoutMillis, int atOnce) {
        return table(timeoutMillis, atOnce, 1000);
    }

    private static RoutingTable table(long timeoutMillis, int atOnce, int maxK) {
        return Guides.anonymous(
                new RoutingTable.Limits(maxK, 65_536, timeoutMillis, atOnce),
                guide.route(proxy.url(), BundledModel.ALL_MINILM_L6_V2_Q.manifest()));
    }

    /** A generation of one chunk that says which one it is of. */
    private static void create(int generation, int dimensions) {
        var right = BundledModel.ALL_MINILM_L6_V2_Q.manifest();
        var other = new dev.concordance.manifest.OnnxModel(
                right.model(),
                right.tokenizer(),
                dimensions,
                right.maxTokens(),
                right.pooling(),
                false,
                "",
                "another one",
                null);
        var manifest = Guides.with(Corpora.manifest(generation), other);
        guide.send(
                "PUT",
                "/" + guide.names().generation(generation),
                GenerationMapping.chunks(manifest, 0).toString());
        addChunk(generation, dimensions, "0".repeat(32));
    }

    /** Adds a document of one chunk. */
    private static void addChunk(int generation, int dimensions, String key) {
        var chunk = dev.concordance.manifest.ManifestJson.mapper().createObjectNode();
        chunk.put("documentKey", key)
                .put("version", 1)
                .put("ordinal", 0)
                .put("documentId", "cats.md")
                .put("source", "files")
                .put("title", "generation " + generation)
                .put("text", "Cats of another generation.")
                .put("start", 0)
                .put("end", 27);
        var vector = chunk.putArray("vector");
        for (var i = 0; i < dimensions; i++) {
            vector.add(1);
        }
        guide.send("PUT", chunkPath(generation, key), chunk.toString());
    }

    private static String chunkPath(int generation, String key) {
        return "/" + guide.names().generation(generation) + "/_doc/" + key + ".1.0?refresh=true";
    }
}
