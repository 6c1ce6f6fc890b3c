package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.InletTable;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.Tombstone;
import dev.concordance.manifest.Tombstones;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.ServerProcess.Answer;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.TestInbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged inlet, on a real Elasticsearch. */
class InletIT {
    private static final GenerationManifest MANIFEST = Corpora.manifest(1);
    private static final String DOCUMENT = "{\"content\": \"Words.\"}";

    @TempDir
    private static Path folder;

    private static RecordingProxy proxy;
    private static Corpora corpus;
    private static TestInbox pushed;
    private static ServerProcess inlet;
    private static OpenApiContract contract;

    @BeforeAll
    static void startEverything() throws Exception {
        proxy = RecordingProxy.start(SharedNode.url());
        var files = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        var source = new SourceManifest(
                TestInbox.SOURCE, new SourceManifest.Push(), List.of(), List.of(), "https://example.org/{id}", null);
        corpus = new Corpora(
                files.elasticsearch(), SmallModel.get(), source, files.mount(), files.workspace(), files.names());
        corpus.create(MANIFEST);
        pushed = new TestInbox(corpus.connection(), corpus.names().inbox(), Clock.systemUTC()).create();
        Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(folder.resolve("tokens/articles"), "s3cret\n");
        Files.writeString(folder.resolve("tokens/notes"), "other");
        inlet = start("first");
        contract = new OpenApiContract(inlet.text("/openapi?format=json"));
    }

    @AfterAll
    static void stopEverything() {
        inlet.close();
        pushed.elasticsearch().close();
        proxy.close();
    }

    @Test
    void keepsReplacesGivesAndDeletesADocument() {
        var created = put("folder/ä b", "{\"content\": \"# One\", \"format\": \"markdown\", \"title\": \"T\"}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body().path("result").asText()).isEqualTo("created");
        assertThat(created.body().path("id").asText()).isEqualTo("folder/ä b");
        var tag = created.headers().firstValue("ETag").orElseThrow();
        assertThat(created.body().path("etag").asText()).isEqualTo(tag);
        assertThat(created.headers().firstValue("Concordance-Position"))
                .hasValue(created.body().path("position").asText());
        asDeclared("documents/{id}", "put", created);
        assertThat(put("folder/ä b", "{\"content\": \"Two\"}").status()).isEqualTo(200);
        var read = send(request("documents/folder/%C3%A4%20b").GET());
        assertThat(read.body().path("content").asText()).isEqualTo("Two");
        assertThat(read.headers().firstValue("ETag")).isPresent().isNotEqualTo(Optional.of(tag));
        asDeclared("documents/{id}", "get", read);
        var deleted = send(request("documents/folder/%C3%A4%20b").DELETE());
        assertThat(deleted.status()).isEqualTo(200);
        asDeclared("documents/{id}", "delete", deleted);
        var gone = send(request("documents/folder/%C3%A4%20b").DELETE());
        assertThat(gone.status()).isEqualTo(404);
        asDeclared("documents/{id}", "delete", gone);
        assertThat(send(request("documents/folder/%C3%A4%20b").GET()).status()).isEqualTo(404);
    }

    @Test
    void refusesAStaleIfMatchTellsThePresentTagAndChangesNothing() {
        var first = put("stale", DOCUMENT).headers().firstValue("ETag").orElseThrow();
        var second = send(write("stale", "{\"content\": \"Two.\"}").header("If-Match", first));
        assertThat(second.status()).isEqualTo(200);
        var stale = send(write("stale", "{\"content\": \"Three.\"}").header("If-Match", first));
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.headers().firstValue("ETag"))
                .isEqualTo(second.headers().firstValue("ETag"));
        asDeclared("documents/{id}", "put", stale);
        isStill("stale", "Two.", second);
        assertThat(send(write("stale", DOCUMENT).header("If-None-Match", "*")).status())
                .isEqualTo(412);
        isStill("stale", "Two.", second);
        assertThat(send(request("documents/stale").DELETE().header("If-Match", first))
                        .status())
                .isEqualTo(412);
        isStill("stale", "Two.", second);
        assertThat(send(write("stale", DOCUMENT).header("If-Match", "17-1")).status())
                .isEqualTo(400);
        isStill("stale", "Two.", second);
    }

    private static void isStill(String id, String content, Answer written) {
        var read = send(request("documents/" + id).GET());
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.body().path("content").asText()).isEqualTo(content);
        assertThat(read.headers().firstValue("ETag"))
                .isEqualTo(written.headers().firstValue("ETag"));
    }

    @Test
    void letsExactlyOneOfManyWritersWin() throws Exception {
        var tag = put("race", DOCUMENT).headers().firstValue("ETag").orElseThrow();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writers = IntStream.range(0, 20)
                    .<Callable<Integer>>mapToObj(writer ->
                            () -> send(write("race", "{\"content\": \"By %d.\"}".formatted(writer))
                                            .header("If-Match", tag))
                                    .status())
                    .toList();
            var statuses = threads.invokeAll(writers).stream()
                    .map(Future::resultNow)
                    .sorted()
                    .toList();
            assertThat(statuses).startsWith(200, 412).containsOnlyOnce(200).hasSize(20);
        }
    }

    @Test
    void answersARepeatedRequestOnceTheInletWasKilledBetweenWriteAndAnswer() throws Exception {
        var tag = put("killed", DOCUMENT).headers().firstValue("ETag").orElseThrow();
        var hold = new Disturbance.Hold();
        proxy.disturb(call -> call.path().contains("_bulk"), 1, hold);
        try (var first = start("killed")) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var answered = threads.submit(() -> isAnswered(first, tag));
                hold.awaitCall();
                first.kill();
                hold.release();
                assertThat(answered.get()).isFalse();
            }
        }
        proxy.calm();
        var again = repeated(inlet, tag);
        assertThat(again.status()).isEqualTo(200);
        put("killed", "{\"content\": \"By somebody else.\"}");
        var third = repeated(inlet, tag);
        assertThat(third.body().path("etag")).isEqualTo(again.body().path("etag"));
        assertThat(third.body().path("position")).isEqualTo(again.body().path("position"));
        assertThat(send(request("documents/killed").GET())
                        .body()
                        .path("content")
                        .asText())
                .isEqualTo("By somebody else.");
        var misused =
                send(write("killed", "{\"content\": \"Another body.\"}").header("Idempotency-Key", "key-of-killed"));
        assertThat(misused.status()).isEqualTo(422);
        asDeclared("documents/{id}", "put", misused);
    }

    @Test
    void tellsOfABatchItemByItem() throws IOException {
        put("batch-old", DOCUMENT);
        var lines = """
                {"upsert": {"id": "batch-a", "content": "One."}}
                {"upsert": {"id": "batch-b"}}
                not JSON

                {"delete": {"id": "batch-old"}}
                {"delete": {"id": "batch-never"}}
                {"upsert": {"id": "batch-a", "content": "Twice."}}
                {"upsert": {"id": "batch-c", "content": "Three."}, "ifMatch": "\\"1-1\\""}
                {"upsert": {"id": "%s", "content": "x"}}
                {"upsert": {"id": "control\\u0007", "content": "x"}}
                {"upsert": {"id": "batch-d", "content": "x"}, "delete": {"id": "batch-d"}}
                {"upsert": {"id": "batch-e", "content": "x", "colour": "red"}}
                """.formatted("i".repeat(8_192));
        var answer = batch(lines.getBytes(StandardCharsets.UTF_8), null, "batch-key");
        assertThat(answer.status()).isEqualTo(207);
        asDeclared("batch", "post", answer);
        assertThat(answer.body().path("items"))
                .extracting(item -> item.path("status").asInt())
                .containsExactly(201, 400, 400, 200, 404, 409, 412, 400, 400, 400, 400);
        assertThat(answer.body().path("succeeded").asInt()).isEqualTo(2);
        assertThat(answer.body().path("failed").asInt()).isEqualTo(9);
        assertThat(answer.body().path("position").asText())
                .isEqualTo(answer.body().path("items").path(3).path("position").asText());
        var again = batch(lines.getBytes(StandardCharsets.UTF_8), "gzip", "batch-key");
        assertThat(again.body().path("items")).isEqualTo(answer.body().path("items"));
    }

    @Test
    void takesLargeBatchesAndBoundsThem() throws IOException {
        var lines = new ByteArrayOutputStream();
        for (var i = 0; i < 10_001; i++) {
            lines.writeBytes("{\"upsert\": {\"id\": \"large-%d\", \"content\": \"Words %d.\"}}\n"
                    .formatted(i, i)
                    .getBytes(StandardCharsets.UTF_8));
        }
        var answer = notes(lines.toByteArray());
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body().path("succeeded").asInt()).isEqualTo(10_000);
        asDeclared("batch", "post", answer);
        var bomb = new byte[80_000_000];
        Arrays.fill(bomb, (byte) ' ');
        assertThat(notes(bomb).status()).isEqualTo(413);
        assertThat(send(write("bomb", BodyPublishers.ofByteArray(compressed(bomb)))
                                .header("Content-Encoding", "gzip"))
                        .status())
                .isEqualTo(413);
        assertThat(inlet.isAlive()).isTrue();
    }

    @Test
    void refusesWhoeverItDoesntKnowAndWhatItCantTake() {
        assertThat(status(request("documents/x").DELETE().setHeader("Authorization", "Bearer wrong")))
                .isEqualTo(401);
        var nobody = send(HttpRequest.newBuilder(uri("articles", "documents/x")).DELETE());
        assertThat(nobody.status()).isEqualTo(401);
        asDeclared("documents/{id}", "delete", nobody);
        assertThat(status(request("documents/x").DELETE().setHeader("Authorization", "Bearer other")))
                .isEqualTo(403);
        assertThat(status(HttpRequest.newBuilder(uri("nowhere", "documents/x"))
                        .DELETE()
                        .header("Authorization", "Bearer s3cret")))
                .isEqualTo(403);
        assertThat(status(write("x", DOCUMENT).setHeader("Content-Type", "text/plain")))
                .isEqualTo(415);
        assertThat(status(write("x", DOCUMENT).header("Content-Encoding", "br")))
                .isEqualTo(415);
        assertThat(status(write("x%07", DOCUMENT))).isEqualTo(400);
        assertThat(status(write("i".repeat(1_025), DOCUMENT))).isEqualTo(400);
        assertThat(status(write("i".repeat(8_192), DOCUMENT))).isEqualTo(414);
        assertThat(status(write("x", "{\"content\": \"%s\"}".formatted("x".repeat((1 << 20) + 1)))))
                .isEqualTo(413);
        assertThat(status(write("x", DOCUMENT).header("Idempotency-Key", "a b")))
                .isEqualTo(400);
        assertThat(inlet.search("guide", "{\"query\": \"x\"}").status()).isEqualTo(404);
        assertThat(inlet.metric("concordance_inlet_requests_seconds_count{operation=\"delete\",status=\"401\""))
                .isPositive();
    }

    @Test
    void saysThatElasticsearchCantBeReached() {
        proxy.disturb(call -> true, 1_000, Disturbance.Refuse.with(503));
        var answer = put("unreachable", DOCUMENT);
        proxy.calm();
        assertThat(answer.status()).isEqualTo(503);
        asDeclared("documents/{id}", "put", answer);
        assertThat(inlet.get("/q/health/ready").status()).isEqualTo(200);
        assertThat(put("unreachable", DOCUMENT).status()).isEqualTo(201);
    }

    @Test
    void refusesWhatAnErasureCovers() throws Exception {
        put("people/roe", DOCUMENT);
        var tombstone = new Tombstone(
                "uid",
                List.of(),
                List.of(new Tombstone.NamedDocument("people/roe", "articles")),
                List.of(),
                List.of(Map.of("customer", "4711")));
        try (var other = start("erased", Tombstones.of(List.of(tombstone)))) {
            var again = other.send(request(other, "documents/people/roe")
                    .PUT(BodyPublishers.ofString(DOCUMENT))
                    .header("Content-Type", "application/json")
                    .build());
            assertThat(again.status()).isEqualTo(410);
            asDeclared("documents/{id}", "put", again);
            var read = other.send(request(other, "documents/people/roe").GET().build());
            assertThat(read.status()).isEqualTo(410);
            asDeclared("documents/{id}", "get", read);
            var lines = """
                    {"upsert": {"id": "b1", "content": "Words.", "metadata": {"customer": 4711}}}
                    {"upsert": {"id": "b2", "content": "Words."}}
                    """;
            var batch = other.send(request(other, "batch")
                    .header("Content-Type", "application/x-ndjson")
                    .POST(BodyPublishers.ofString(lines))
                    .build());
            assertThat(batch.status()).isEqualTo(207);
            assertThat(batch.body().path("items").path(0).path("status").asInt())
                    .isEqualTo(410);
            assertThat(batch.body().path("items").path(1).path("status").asInt())
                    .isEqualTo(201);
            assertThat(other.send(request(other, "documents/people/roe")
                                    .DELETE()
                                    .build())
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void letsASearchWaitForWhatWasPushed() throws Exception {
        put("ryw", "{\"content\": \"The quokka sleeps.\"}");
        corpus.run("ryw-0", MANIFEST, List.of());
        try (var connection = corpus.connection()) {
            var alias = "{\"actions\":[{\"add\":{\"index\":\"%s\",\"alias\":\"%s\"}}]}"
                    .formatted(corpus.names().generation(1), corpus.names().alias());
            connection.send("POST", "/_aliases", alias.getBytes(StandardCharsets.UTF_8));
        }
        var route = new Route(
                "docs",
                "guide",
                corpus.names().alias(),
                new ElasticsearchAccess(List.of(SharedNode.url().toString()), null, null),
                List.of(BundledModel.ALL_MINILM_L6_V2_Q.manifest()),
                List.of(),
                new RoutingTable.Retrieval(RoutingTable.Mode.hybrid, RoutingTable.Fusion.weighted, 0.5, 0.5, 60));
        try (var server =
                ServerProcess.start(folder.resolve("serve"), Guides.anonymous(Guides.limits(), route), List.of())) {
            for (var round = 1; round <= 5; round++) {
                var content = "The quokka number %d wakes up.".formatted(round);
                var position = put("ryw", "{\"content\": \"%s\"}".formatted(content))
                        .body()
                        .path("position")
                        .asText();
                assertThat(search(server, position, 0).status()).isEqualTo(504);
                var later = server.searchLater("guide", query(position, 30));
                corpus.run("ryw-" + round, MANIFEST, List.of());
                var found = later.get();
                assertThat(found.status()).isEqualTo(200);
                assertThat(texts(found)).contains(content);
                assertThat(search(server, position, 0).status()).isEqualTo(200);
            }
            assertThat(search(server, "1.another-inbox", 5).status()).isEqualTo(400);
            assertThat(search(server, "nonsense", 5).status()).isEqualTo(400);
        }
    }

    private static HashSet<String> texts(Answer answer) {
        var texts = new HashSet<String>();
        for (JsonNode hit : answer.body().path("hits")) {
            texts.add(hit.path("text").asText());
        }
        return texts;
    }

    private static Answer search(ServerProcess server, String position, int seconds) {
        return server.search("guide", query(position, seconds));
    }

    private static String query(String position, int seconds) {
        return "{\"query\": \"quokka\", \"mode\": \"lexical\", \"waitFor\": {\"articles\": \"%s\"}, \"waitSeconds\": %d}"
                .formatted(position, seconds);
    }

    private static ServerProcess start(String name) throws Exception {
        return start(name, Tombstones.NONE);
    }

    private static ServerProcess start(String name, Tombstones tombstones) throws Exception {
        var table = new InletTable(
                corpus.names(),
                new ElasticsearchAccess(List.of(proxy.url().toString()), null, null),
                List.of(source("articles"), source("notes")),
                false,
                1 << 20,
                tombstones);
        return ServerProcess.startInlet(folder.resolve(name), table, List.of("tokens=" + folder.resolve("tokens")));
    }

    private static InletTable.Source source(String name) {
        return new InletTable.Source(name, null, List.of(new InletTable.Token(name, "tokens", name)));
    }

    private static void asDeclared(String path, String method, Answer answer) {
        assertThat(contract.violations(
                        "/v1/namespaces/{namespace}/corpora/{corpus}/sources/{source}/" + path, method, answer))
                .isEmpty();
    }

    /** A process that dies may still take a connection, and break it off. */
    private static boolean isAnswered(ServerProcess by, String tag) {
        try {
            return repeated(by, tag).status() != 0;
        } catch (UncheckedIOException brokenOff) {
            return false;
        }
    }

    private static Answer repeated(ServerProcess by, String tag) {
        return by.send(HttpRequest.newBuilder(by.url().resolve(path("articles", "documents/killed")))
                .PUT(BodyPublishers.ofString("{\"content\": \"Once.\"}"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer s3cret")
                .header("If-Match", tag)
                .header("Idempotency-Key", "key-of-killed")
                .build());
    }

    private static Answer batch(byte[] lines, @Nullable String encoding, @Nullable String key) throws IOException {
        var request = request("batch")
                .POST(BodyPublishers.ofByteArray(encoding == null ? lines : compressed(lines)))
                .header("Content-Type", "application/x-ndjson");
        if (encoding != null) {
            request.header("Content-Encoding", encoding);
        }
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return send(request);
    }

    /** A compressed batch for a source that no test indexes. */
    private static Answer notes(byte[] lines) throws IOException {
        return send(HttpRequest.newBuilder(uri("notes", "batch"))
                .POST(BodyPublishers.ofByteArray(compressed(lines)))
                .header("Content-Type", "application/x-ndjson")
                .header("Content-Encoding", "gzip")
                .header("Authorization", "Bearer other"));
    }

    private static byte[] compressed(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static Answer put(String id, String json) {
        return send(write(
                URLEncoder.encode(id, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%2F", "/"),
                json));
    }

    private static HttpRequest.Builder write(String id, String json) {
        return write(id, BodyPublishers.ofString(json));
    }

    private static HttpRequest.Builder write(String id, HttpRequest.BodyPublisher body) {
        return request("documents/" + id).PUT(body).header("Content-Type", "application/json");
    }

    private static HttpRequest.Builder request(String path) {
        return request(inlet, path);
    }

    private static HttpRequest.Builder request(ServerProcess of, String path) {
        return HttpRequest.newBuilder(of.url().resolve(path("articles", path)))
                .header("Authorization", "Bearer s3cret");
    }

    private static URI uri(String source, String path) {
        return inlet.url().resolve(path(source, path));
    }

    private static String path(String source, String path) {
        return "/v1/namespaces/%s/corpora/%s/sources/%s/%s"
                .formatted(corpus.names().namespace(), corpus.names().corpus(), source, path);
    }

    private static int status(HttpRequest.Builder request) {
        return send(request).status();
    }

    private static Answer send(HttpRequest.Builder request) {
        return inlet.send(request.build());
    }
}
