package dev.concordance.ingest;

import static dev.concordance.localcluster.servers.EmbeddingEndpoint.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.Embedders;
import dev.concordance.embedding.ModelException;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.RefusedText;
import dev.concordance.embedding.Role;
import dev.concordance.embedding.remote.Purse;
import dev.concordance.localcluster.servers.EmbeddingEndpoint;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RemoteAccess;
import dev.concordance.manifest.RemoteModel;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.manifest.Spending;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Follower;
import dev.concordance.testing.Guides;
import dev.concordance.testing.IngestProcess;
import dev.concordance.testing.ModelInPlaceOf;
import dev.concordance.testing.NoModel;
import dev.concordance.testing.RemoteModels;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.Stopwatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose vectors come from an endpoint: what they ask, what they pay, and what becomes of texts that it refuses. */
class RemoteModelIT {
    private static final Instant NOVEMBER = Instant.parse("2026-11-26T12:00:00Z");
    private static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:01Z");
    private static final int DOCUMENTS = 60;
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final String namespace = "remote" + NEXT.incrementAndGet();
    private EmbeddingEndpoint endpoint;
    private RemoteModel model;
    private Corpora handbook;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeACorpus() throws IOException {
        endpoint = EmbeddingEndpoint.start();
        model = RemoteModels.openAi(endpoint);
        handbook = corpus("handbook");
    }

    @AfterEach
    void stop() {
        endpoint.close();
    }

    @Test
    void asksForEachTextOnceAndTellsWhatItCost() throws Exception {
        writeDocuments();
        model = RemoteModels.priced(model, "2.5", null);
        handbook.create(manifest(1));
        var counts = run(handbook, "first", manifest(1));
        assertThat(counts.embedded()).isEqualTo(DOCUMENTS);
        assertThat(endpoint.texts()).hasSize(DOCUMENTS).doesNotHaveDuplicates();
        var tokens = EmbeddingEndpoint.tokens(endpoint.texts());
        var money = "0.%06d".formatted(tokens * 25 / 10).replaceFirst("0+$", "");
        var expected = new Spending.Amount(endpoint.asked().size(), tokens, money, "EUR");
        assertThat(spending().of("handbook")).isEqualTo(expected);
        assertThat(spending().total()).isEqualTo(expected);
        var told =
                ManifestJson.mapper().convertValue(handbook.ledger("run-first").path("spent"), Spending.Amount.class);
        assertThat(told).isEqualTo(expected);
        endpoint.forget();
        assertThat(run(handbook, "second", manifest(1)).unchanged()).isEqualTo(DOCUMENTS);
        assertThat(endpoint.asked()).isEmpty();
    }

    @Test
    void embedsNoTextForASecondCorpusOrAnotherGeneration() throws Exception {
        writeDocuments();
        handbook.create(manifest(1));
        run(handbook, "first", manifest(1));
        endpoint.forget();
        var manual = corpus("manual");
        manual.create(manifest(1));
        assertThat(run(manual, "other", manifest(1)).reused()).isEqualTo(DOCUMENTS);
        // Other settings, the same chunks; nobody tells the run that there is a first generation.
        var next = Guides.with(Corpora.manifest(2, new Chunking.ByHeadings(128, 0, "{title} > {headings}")), model);
        handbook.create(next);
        run(handbook, "next", next);
        assertThat(endpoint.asked()).isEmpty();
        assertThat(vectors(manual, 1)).isEqualTo(vectors(handbook, 1)).isEqualTo(vectors(handbook, 2));
        assertThat(snapshot(manual)).isEqualTo(snapshot(handbook));
    }

    @Test
    void keepsVectorsOfAModelThatComputesToo() throws Exception {
        writeDocuments();
        var local = dev.concordance.manifest.BundledModel.ALL_MINILM_L6_V2_Q
                .manifest()
                .with(new dev.concordance.manifest.EmbeddingCache(3, 1_000));
        var settings = Guides.with(Corpora.manifest(1), local);
        var embeds = new AtomicInteger();
        for (var corpus : List.of(handbook, corpus("manual"))) {
            corpus.create(settings);
            run(corpus, "first", settings, NOVEMBER, purse -> new Poisoned(embeds));
        }
        assertThat(embeds).hasValue(DOCUMENTS);
    }

    @Test
    void paysForNothingTwiceButTheRequestsThatWereUnderWayWhenItWasKilled() throws Exception {
        writeDocuments();
        var kills = 4;
        var limits = new RemoteAccess.Limits(4, 4_000, 2, 0, 0, 5_000, 400);
        model = RemoteModels.limited(model, limits);
        handbook.create(manifest(1));
        for (var kill = 0; kill < kills; kill++) {
            assertThat(isKilledAtRequest(3, "killed-" + kill)).isTrue();
        }
        endpoint.behave();
        run(handbook, "last", manifest(1));
        assertThat(snapshot(handbook).chunks()).isEqualTo(DOCUMENTS);
        var asked = endpoint.texts();
        var underWay = kills * limits.concurrentRequests() * limits.inputsPerRequest();
        assertThat(new HashSet<>(asked)).hasSize(DOCUMENTS);
        assertThat(asked.size() - DOCUMENTS).isBetween(1, underWay);
        // What was under way is counted as the most that it can have cost.
        var billed = EmbeddingEndpoint.tokens(asked);
        assertThat(spending().total().tokens()).isBetween(billed, billed + underWay * 64L);
    }

    @Test
    void tellsOfARunWhatItsKilledAttemptsHaveSpentToo() throws Exception {
        writeDocuments();
        model = RemoteModels.priced(
                RemoteModels.limited(model, new RemoteAccess.Limits(4, 4_000, 2, 0, 0, 5_000, 400)), "2.5", null);
        handbook.create(manifest(1));
        var answered = Collections.synchronizedList(new ArrayList<String>());
        var seen = new AtomicInteger();
        var end = new CountDownLatch(1);
        endpoint.observe(texts -> {
            if (seen.incrementAndGet() > 2) {
                end.await();
            }
            answered.addAll(texts);
        });
        var specification = handbook.specification("again", manifest(1), List.of(), List.of(handbook.source()));
        try (var process = IngestProcess.start(
                specification, folder.resolve("work"), List.of("data=" + folder.resolve("data")), 256)) {
            var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (spent("again").requests() < 2 && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            process.kill();
        }
        var before = spent("again");
        assertThat(before).isEqualTo(new Spending.Amount(2, EmbeddingEndpoint.tokens(answered), before.money(), "EUR"));
        endpoint.observe(texts -> {});
        end.countDown();
        endpoint.forget();
        run(handbook, "again", manifest(1));
        var requests = 2 + endpoint.asked().size();
        var tokens = before.tokens() + EmbeddingEndpoint.tokens(endpoint.texts());
        var price = "0.%06d".formatted(tokens * 25 / 10).replaceFirst("0+$", "");
        assertThat(spent("again")).isEqualTo(new Spending.Amount(requests, tokens, price, "EUR"));

        run(handbook, "again", manifest(1));
        assertThat(spent("again").requests())
                .as("what had succeeded is another run")
                .isZero();
        handbook.write("more.md", "# More\n\nOne more.\n");
        run(handbook, "another", manifest(1));
        assertThat(spent("another").requests()).isEqualTo(1);
    }

    private Spending.Amount spent(String run) {
        var told = handbook.ledger("run-" + run).path("spent");
        return told.isObject() ? ManifestJson.mapper().convertValue(told, Spending.Amount.class) : Spending.Amount.NONE;
    }

    @Test
    void stopsBeforeTheBudgetIsExceededDoesWhatCostsNothingAndGoesOnNextMonth() throws Exception {
        model = RemoteModels.priced(model, "1000000", "500");
        handbook.create(manifest(1));
        handbook.write("old.md", "# Old\n\nThis goes.\n");
        run(handbook, "first", manifest(1));
        Files.delete(folder.resolve("data/old.md"));
        writeDocuments();
        assertThatThrownBy(() -> run(handbook, "poor", manifest(1)))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.BudgetExhausted))
                .hasMessageContaining("raise it, or wait until 2026-12-01");
        var paid = endpoint.texts().size();
        assertThat(paid).isBetween(9, DOCUMENTS);
        assertThat(EmbeddingEndpoint.tokens(endpoint.texts())).isLessThanOrEqualTo(500);
        assertThat(spending().total().tokens()).isEqualTo(EmbeddingEndpoint.tokens(endpoint.texts()));
        assertThat(snapshot(handbook).documents()).doesNotContainKey("files:old.md");
        assertThat(handbook.ledger("run-poor").path("failure").path("retryable").asBoolean())
                .isFalse();
        assertThatThrownBy(() -> run(handbook, "still-poor", manifest(1))).isInstanceOf(ModelException.class);
        model = RemoteModels.priced(model, "1", "1200");
        run(handbook, "rich", manifest(1), DECEMBER, this::open);
        assertThat(snapshot(handbook).chunks()).isEqualTo(DOCUMENTS);
        assertThat(endpoint.texts()).as("nothing is paid for twice").doesNotHaveDuplicates();
    }

    @Test
    void findsATextThatTheModelRefusesByItsWordsAndTriesItAgain() throws Exception {
        writeDocuments();
        handbook.write("bad.md", "# Bad\n\nA poison pill.\n\n## Good\n\nAn antidote.\n");
        handbook.create(manifest(1));
        endpoint.refuse(text -> text.contains("poison"));
        var counts = run(handbook, "first", manifest(1));
        assertThat(counts.pendingEmbeddings()).isEqualTo(1);
        assertThat(counts.added()).isEqualTo(DOCUMENTS + 1);
        assertThat(handbook.ledger("generation-1").path("pendingEmbeddings").asLong())
                .isEqualTo(1);
        var found = search("{\"query\":{\"match\":{\"text\":\"poison\"}}}");
        assertThat(found.size()).isEqualTo(1);
        assertThat(found.path(0).path("_source").path("pendingEmbedding").asBoolean())
                .isTrue();
        assertThat(withVector()).isEqualTo(DOCUMENTS + 1);
        var id = found.path(0).path("_id").asText();

        endpoint.forget();
        assertThat(run(handbook, "second", manifest(1)).pendingEmbeddings()).isEqualTo(1);
        assertThat(endpoint.texts()).hasSize(1).allMatch(text -> text.contains("poison"));
        assertThat(search("{\"query\":{\"match\":{\"text\":\"poison\"}}}")
                        .path(0)
                        .path("_id")
                        .asText())
                .as("nothing is written anew")
                .isEqualTo(id);

        endpoint.refuse(text -> false);
        assertThat(run(handbook, "third", manifest(1)).pendingEmbeddings()).isZero();
        assertThat(withVector()).isEqualTo(DOCUMENTS + 2);
        endpoint.forget();
        assertThat(run(handbook, "fourth", manifest(1)).unchanged()).isEqualTo(DOCUMENTS + 1);
        assertThat(endpoint.asked()).isEmpty();
    }

    @Test
    void asksAgainForARefusedTextInAFullRoundWhileItFollowsAndForNoOther() throws Exception {
        writeDocuments();
        handbook.write("bad.md", "# Bad\n\nA poison pill.\n");
        handbook.create(manifest(1));
        endpoint.refuse(text -> text.contains("poison"));
        var clock = new Stopwatch();
        var specification = Corpora.following(
                handbook.specification("f1", manifest(1), List.of(), List.of(handbook.source())),
                Duration.ofMinutes(5));
        try (var follower = new Follower(stop -> follow(specification, clock, stop))) {
            follower.until(() -> pendingEmbeddings() == 1);
            follower.until(
                    () -> handbook.ledger("run-f1").path("phase").asText().equals("Following"));
            endpoint.refuse(text -> false);
            endpoint.forget();
            for (var minutes = 0; minutes < 14; minutes += 7) {
                clock.passSeen(Duration.ofMinutes(7));
            }
            assertThat(endpoint.asked()).as("before the full round").isEmpty();
            clock.pass(Duration.ofMinutes(2));
            follower.until(() -> pendingEmbeddings() == 0);
            follower.end();
        }
        assertThat(endpoint.texts()).hasSize(1).allMatch(text -> text.contains("poison"));
        assertThat(withVector()).isEqualTo(DOCUMENTS + 1);
        assertThat(handbook.ledger("generation-1").path("documents").asInt()).isEqualTo(DOCUMENTS + 1);
    }

    private long pendingEmbeddings() {
        return handbook.ledger("generation-1").path("pendingEmbeddings").asLong(-1);
    }

    private void follow(RunSpecification specification, Clock clock, StopSignal stop) {
        try (var connection = handbook.connection()) {
            new Following(
                            specification,
                            connection,
                            handbook::open,
                            declared -> Optional.empty(),
                            this::open,
                            handbook.workspace(),
                            clock,
                            stop,
                            () -> 0.5)
                    .run();
        }
    }

    @Test
    void findsATextByItsWordsThatAModelInsideCannotEmbed() throws Exception {
        writeDocuments();
        handbook.write("bad.md", "# Bad\n\nA poison pill.\n");
        var settings = Corpora.manifest(1);
        handbook.create(settings);
        var counts = run(handbook, "first", settings, NOVEMBER, purse -> new Poisoned(new AtomicInteger()));
        assertThat(counts.pendingEmbeddings()).isEqualTo(1);
        assertThat(withVector()).isEqualTo(DOCUMENTS);
        counts = run(handbook, "second", settings, NOVEMBER, purse -> SmallModel.get());
        assertThat(counts.pendingEmbeddings()).isZero();
        assertThat(withVector()).isEqualTo(DOCUMENTS + 1);
    }

    @Test
    void fillsNoIndexWithoutVectorsIfTheModelRefusesEverything() throws Exception {
        writeDocuments();
        handbook.create(manifest(1));
        endpoint.refuse(text -> true);
        assertThatThrownBy(() -> run(handbook, "first", manifest(1)))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.ModelInvalid))
                .hasMessageContaining("refused 20 texts in a row, and would refuse any");
    }

    @Test
    void waitsForTheUserWhereTheKeyIsRejected() throws Exception {
        writeDocuments();
        handbook.create(manifest(1));
        endpoint.misbehave(100, status(401));
        assertThatThrownBy(() -> run(handbook, "first", manifest(1))).isInstanceOf(ModelException.class);
        var failure = handbook.ledger("run-first").path("failure");
        assertThat(failure.path("reason").asText()).isEqualTo("ModelUnauthorized");
        assertThat(failure.path("retryable").asBoolean()).isFalse();
        assertThat(endpoint.asked()).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void goesOnWithoutWhatIsShared() throws Exception {
        writeDocuments();
        handbook.create(manifest(1));
        try (var connection = handbook.connection()) {
            connection.send("DELETE", "/" + handbook.names().embeddings(model.digest()), null);
        }
        assertThat(run(handbook, "first", manifest(1)).embedded()).isEqualTo(DOCUMENTS);
        assertThat(withVector()).isEqualTo(DOCUMENTS);
    }

    private void writeDocuments() throws IOException {
        for (var i = 0; i < DOCUMENTS; i++) {
            handbook.write("d%02d.md".formatted(i), "# Title %d\n\nWords of number %d.\n".formatted(i, i));
        }
    }

    private boolean isKilledAtRequest(int number, String run) throws Exception {
        var arrived = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var seen = new AtomicInteger();
        endpoint.behave();
        // The others are answered, so that there is something to lose.
        endpoint.observe(texts -> {
            if (seen.incrementAndGet() == number) {
                arrived.countDown();
                end.await();
            }
        });
        var specification = handbook.specification(run, manifest(1), List.of(), List.of(handbook.source()));
        try (var process = IngestProcess.start(
                specification, folder.resolve("work"), List.of("data=" + folder.resolve("data")), 256)) {
            var killed = arrived.await(60, TimeUnit.SECONDS);
            process.kill();
            return killed;
        } finally {
            endpoint.observe(texts -> {});
            end.countDown();
        }
    }

    private GenerationManifest manifest(int generation) {
        return Guides.with(Corpora.manifest(generation), model);
    }

    private Corpora corpus(String name) throws IOException {
        return new Corpora(
                SharedNode.url(),
                new NoModel(),
                Corpora.volume("files", null),
                Files.createDirectories(folder.resolve("data")),
                folder.resolve("work"),
                new IndexNames("cc", namespace, name));
    }

    private Embedder open(Purse purse) {
        return Embedders.open(model, ModelFiles.bundledOnly(), purse);
    }

    private Counts run(Corpora corpus, String run, GenerationManifest manifest) {
        return run(corpus, run, manifest, NOVEMBER, this::open);
    }

    private Counts run(
            Corpora corpus, String run, GenerationManifest manifest, Instant now, Function<Purse, Embedder> model) {
        var specification = corpus.specification(run, manifest, List.of(), List.of(corpus.source()));
        try (var connection = corpus.connection()) {
            return new Ingestion(
                            specification,
                            connection,
                            corpus::open,
                            model,
                            corpus.workspace(),
                            Clock.fixed(now, ZoneOffset.UTC),
                            new StopSignal())
                    .run();
        }
    }

    private static IndexSnapshot snapshot(Corpora of) {
        return IndexSnapshot.of(SharedNode.url(), of.names().generation(1));
    }

    private Spending spending() {
        try (var connection = handbook.connection()) {
            var id = Spending.id("2026-11", "small");
            return ManifestJson.mapper()
                    .convertValue(
                            connection
                                    .send("GET", "/" + handbook.names().spending() + "/_doc/" + id, null)
                                    .json()
                                    .path("_source"),
                            Spending.class);
        }
    }

    private JsonNode search(String body) {
        return search(handbook, 1, body);
    }

    private static JsonNode search(Corpora corpus, int generation, String body) {
        try (var connection = corpus.connection()) {
            return connection
                    .send(
                            "POST",
                            "/" + corpus.names().generation(generation) + "/_search",
                            body.getBytes(StandardCharsets.UTF_8))
                    .json()
                    .path("hits")
                    .path("hits");
        }
    }

    private int withVector() {
        return search(
                        "{\"size\":1000,\"_source\":false,\"query\":{\"query_string\":{\"query\":\"_exists_:vector AND _exists_:documentId\"}}}")
                .size();
    }

    private static List<JsonNode> vectors(Corpora corpus, int generation) {
        var body = "{\"size\":1000,\"_source\":false,\"sort\":[\"textHash\"],\"fields\":[\"vector\"],"
                + "\"query\":{\"exists\":{\"field\":\"documentId\"}}}";
        return search(corpus, generation, body).findValues("fields");
    }

    /** The small model, which has no vector for poison. */
    private record Poisoned(AtomicInteger embeds) implements ModelInPlaceOf {
        @Override
        public Embedder model() {
            return SmallModel.get();
        }

        @Override
        public float[] embed(Role role, String text) {
            if (text.contains("poison")) {
                throw new RefusedText("no");
            }
            embeds.incrementAndGet();
            return model().embed(role, text);
        }
    }
}
