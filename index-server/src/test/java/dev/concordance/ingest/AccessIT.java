package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.access.Acl;
import dev.concordance.embedding.ModelException;
import dev.concordance.index.IndexException;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.localcluster.servers.RecordingProxy.Disturbance;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.SourceException;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.IngestProcess;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may see a document changes without the document, at once, and never to more than its source has said. */
class AccessIT {
    /** {@code -Dconcordance.kills=N} kills more often. */
    private static final int KILLS = Integer.getInteger("concordance.kills", 6);

    private static final int DOCUMENTS = 24;
    private static final String FILE = ".access.yaml";
    private static final GenerationManifest MANIFEST = Corpora.documentLevel();
    private static final SourceManifest.Access BY_FIELD = new SourceManifest.Access("access", null);
    private static final SourceManifest.Access BY_FILE = new SourceManifest.Access("access", FILE);

    @TempDir
    private Path folder;

    private RecordingProxy proxy;
    private Corpora corpus;

    @BeforeEach
    void makeACorpus() throws IOException {
        proxy = RecordingProxy.start(SharedNode.url());
        corpus = another(null);
    }

    @AfterEach
    void closeTheProxy() {
        proxy.close();
    }

    @Test
    void changesWhoSeesADocumentWithoutCuttingOrEmbeddingIt() throws Exception {
        var lines = lines();
        lines.write("all.jsonl", """
                {"id": "a", "text": "The first words.", "access": "group:staff, user:bob"}
                {"id": "b", "text": "Other words.", "access": "everyone"}
                """);
        assertThat(lines.run("r1", MANIFEST, List.of()).embedded()).isEqualTo(2);
        var before = chunks(lines);
        var vectors = vectors(lines);

        lines.write("all.jsonl", """
                {"id": "a", "text": "The first words.", "access": ["user:carol"]}
                {"id": "b", "text": "Other words.", "access": "everyone"}
                """);
        var counts = lines.run("r2", MANIFEST, List.of());

        assertThat(counts.embedded() + counts.reused() + counts.chunksWritten() + counts.updated())
                .isZero();
        assertThat(counts.unchanged()).isEqualTo(2);
        assertThat(lists(lines)).isEqualTo(Map.of("a", List.of("user:carol"), "b", List.of("everyone")));
        var after = chunks(lines);
        assertThat(vectors(lines)).isEqualTo(vectors).isNotEmpty();
        assertThat(lines.run("r3", MANIFEST, List.of()).unchanged()).isEqualTo(2);
        assertThat(chunks(lines)).isEqualTo(after);
        Stream.concat(before.values().stream(), after.values().stream()).forEach(chunk -> chunk.remove("acl"));
        assertThat(after).as("all but who sees it").isEqualTo(before);
    }

    /** What stands after it moves, so that the passages have other places in the file. */
    @Test
    void embedsNothingWhereFrontMatterSaysSomethingElse() throws Exception {
        write("a.md", "[group:staff, user:bob]", "The first words.");
        corpus.run("r1", MANIFEST, List.of());
        write("a.md", "user:carol", "The first words.");
        var counts = corpus.run("r2", MANIFEST, List.of());
        assertThat(counts.embedded()).isZero();
        assertThat(counts.reused()).isEqualTo(1);
        assertThat(lists(corpus)).isEqualTo(Map.of("a.md", List.of("user:carol")));
    }

    @Test
    void showsADocumentToNobodyThatSaysNotReadablyToWhom() throws Exception {
        write("a.md", "user:alice", "Words.");
        corpus.write("missing.md", "# No front matter\n\nWords.\n");
        write("broken.md", "*", "Words.");
        write("strange.md", "[user: alice]", "Words.");
        write("closed.md", "[]", "Words.");
        var counts = corpus.run("r1", MANIFEST, List.of());

        assertThat(counts.added()).isEqualTo(5);
        assertThat(counts.quarantined()).isZero();
        assertThat(lists(corpus).values()).filteredOn(list -> !list.isEmpty()).containsExactly(List.of("user:alice"));
        assertThat(hidden().path("documents").asInt()).isEqualTo(3);
        assertThat(hidden().path("sample").findValuesAsText("documentId"))
                .containsExactlyInAnyOrder("missing.md", "broken.md", "strange.md");
        assertThat(hidden().path("sample").toString()).contains("it has no field access", "without a space");

        write("missing.md", "everyone", "Words.");
        corpus.run("r2", MANIFEST, List.of());
        assertThat(hidden().path("documents").asInt()).isEqualTo(2);
        corpus.run("r3", MANIFEST, List.of());
        assertThat(hidden().path("documents").asInt())
                .as("of unchanged documents too")
                .isEqualTo(2);
        write("a.md", "nonsense", "Words.");
        corpus.run("r4", MANIFEST, List.of());
        assertThat(lists(corpus).get("a.md")).isEmpty();
        assertThat(hidden().path("sample").findValuesAsText("documentId")).contains("a.md");
    }

    @Test
    void tellsNothingOfWhoSeesADocumentInItsMetadata() throws Exception {
        corpus.write("a.md", "---\naccess: user:alice\nyear: 2020\n---\n# A\n\nWords.\n");
        corpus.run("r1", MANIFEST, List.of());
        assertThat(chunks(corpus).values().iterator().next().path("metadata").toString())
                .isEqualTo("{\"year\":2020}");
    }

    @Test
    void takesWhoSeesAJsonLineFromItsFields() throws Exception {
        var lines = lines();
        lines.write("all.jsonl", """
                {"id": "own", "text": "Words.", "access": ["user:alice"], "metadata": {"access": "everyone"}}
                {"id": "below", "text": "Words.", "metadata": {"access": "user:bob, group:staff"}}
                {"id": "none", "text": "Words."}
                """);
        lines.run("r1", MANIFEST, List.of());
        assertThat(lists(lines))
                .isEqualTo(Map.of(
                        "own", List.of("user:alice"), "below", List.of("group:staff", "user:bob"), "none", List.of()));
    }

    @Test
    void appliesRulesBeforeItEmbedsAnything() throws Exception {
        rules("**: everyone");
        corpus.write("a.md", "---\naccess: user:nobody\n---\n# A\n\nThe first words.\n");
        corpus.write("hr/b.md", "# B\n\nOther words.\n");
        byFile("r1");
        assertThat(lists(corpus)).isEqualTo(Map.of("a.md", List.of("everyone"), "hr/b.md", List.of("everyone")));

        rules("**: everyone", "hr/**: group:hr");
        corpus.write("hr/b.md", "# B\n\nOther words, and these are new.\n");
        assertThatThrownBy(() -> new Ingestion(
                                corpus.specification(
                                        "r2",
                                        MANIFEST,
                                        List.of(),
                                        List.of(corpus.source().with(BY_FILE))),
                                corpus.connection(),
                                corpus::open,
                                purse -> {
                                    throw new ModelException(FailureReason.ModelUnavailable, "no model");
                                },
                                folder.resolve("work"),
                                Clock.systemUTC(),
                                new StopSignal())
                        .run())
                .isInstanceOf(ModelException.class);

        assertThat(lists(corpus)).isEqualTo(Map.of("a.md", List.of("everyone"), "hr/b.md", List.of("group:hr")));
        assertThat(chunks(corpus).values().toString()).doesNotContain("these are new");
        assertThat(byFile("r3").updated()).isEqualTo(1);
        assertThat(lists(corpus)).isEqualTo(Map.of("a.md", List.of("everyone"), "hr/b.md", List.of("group:hr")));
    }

    @Test
    void keepsEverythingWhereTheRulesAreBrokenOrGone() throws Exception {
        rules("**: group:staff");
        corpus.write("a.md", "# A\n\nThe first words.\n");
        byFile("r1");
        corpus.write("a.md", "# A\n\nNew words.\n");
        corpus.write("b.md", "# B\n\nNew words.\n");

        corpus.write(FILE, "rules: [{paths: '**', principals: everyone}, {paths: '**'}]");
        assertThatThrownBy(() -> byFile("r2")).isInstanceOfSatisfying(SourceException.class, e -> {
            assertThat(e.reason()).isEqualTo(FailureReason.SourceAccessInvalid);
            assertThat(e).hasMessageContaining("rule 2").hasMessageContaining("nothing was changed");
            assertThat(Failures.of(e).retryable()).isFalse();
        });
        Files.delete(folder.resolve("data").resolve(FILE));
        assertThatThrownBy(() -> byFile("r3"))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("is missing");
        corpus.write(FILE, "#" + "x".repeat(300_000));
        assertThatThrownBy(() -> byFile("r4")).isInstanceOf(SourceException.class);

        assertThat(lists(corpus)).isEqualTo(Map.of("a.md", List.of("group:staff")));
        assertThat(chunks(corpus).values().toString()).contains("first words").doesNotContain("New words");
        rules("b.md: user:bob");
        byFile("r5");
        assertThat(lists(corpus)).isEqualTo(Map.of("a.md", List.of(), "b.md", List.of("user:bob")));
        assertThat(hidden().path("sample").toString()).contains("a.md", "no rule");
    }

    @Test
    void readsDocumentsAgainWhenItIsDeclaredOtherwiseWhoSeesThem() throws Exception {
        corpus.write("a.md", "---\naccess: user:alice\nreaders: user:bob\n---\n# A\n\nWords.\n");
        corpus.run("r1", MANIFEST, List.of());
        var counts = corpus.run(
                "r2", MANIFEST, List.of(), source -> source.with(new SourceManifest.Access("readers", null)));
        assertThat(lists(corpus)).isEqualTo(Map.of("a.md", List.of("user:bob")));
        assertThat(counts.embedded()).isZero();
    }

    @Test
    void repairsAnAccessListThatSomebodyElseHasChanged() throws Exception {
        write("a.md", "user:alice", "The first words.");
        corpus.run("r1", MANIFEST, List.of());
        var id = chunks(corpus).keySet().iterator().next();
        try (var connection = corpus.connection()) {
            var path = "/" + corpus.names().generation(1) + "/_update/" + id + "?routing="
                    + id.substring(0, id.indexOf('.'));
            var body = "{\"doc\": {\"acl\": [\"everyone\"]}}";
            assertThat(connection
                            .send("POST", path, body.getBytes(StandardCharsets.UTF_8))
                            .status())
                    .isEqualTo(200);
        }
        assertThat(lists(corpus)).isEqualTo(Map.of("a.md", List.of("everyone")));

        corpus.run(Corpora.verifying(corpus.specification("r2", MANIFEST, List.of(), List.of(corpus.source()))));

        assertThat(lists(corpus)).isEqualTo(Map.of("a.md", List.of("user:alice")));
        assertThat(corpus.ledger("run-r2").path("drift").path("damaged").asInt())
                .isEqualTo(1);
    }

    @Test
    void neverLetsAnybodyInByARunThatIsKilled() throws Exception {
        var random = new Random(5);
        var killed = 0;
        for (var round = 0; killed < KILLS; round++) {
            var byFile = random.nextBoolean();
            var before = audience(random);
            declare(byFile, before, round);
            run("r%d-before".formatted(round), byFile);
            var said = new ArrayList<>(List.of(before));
            for (var attempt = 0; attempt < 3; attempt++) {
                said.add(audience(random));
                declare(byFile, said.getLast(), round);
                killed += isKilled(
                                "r%d-%d".formatted(round, attempt),
                                byFile,
                                6 + random.nextInt(10),
                                random.nextBoolean())
                        ? 1
                        : 0;
                requireSaid(said);
            }
            var back = random.nextBoolean();
            var last = back ? before : audience(random);
            declare(byFile, last, round);
            run("r%d-last".formatted(round), byFile);
            assertThat(lists(corpus))
                    .as("after %d kills, round %d, back %s", killed, round, back)
                    .isEqualTo(last);
            assertThat(IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1))
                            .documents())
                    .as("nothing is lost")
                    .hasSize(DOCUMENTS);
        }
    }

    @Test
    void letsTheLaterOfTwoWritersSayWhoSeesADocument() throws Exception {
        rules("**: user:alice");
        corpus.write("a.md", "# A\n\nThe first words.\n");
        byFile("r1");
        rules("**: everyone");
        var hold = new Disturbance.Hold();
        proxy.disturb(call -> call.isTo("-g1/_bulk"), 1, hold);
        var loser = CompletableFuture.supplyAsync(() -> byFile("loser"));
        hold.awaitCall();
        rules("**: user:alice");
        byFile("winner");
        hold.release();
        assertThatThrownBy(loser::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        IndexException.class, e -> assertThat(e.reason()).isEqualTo(FailureReason.LeaseLost));
        assertThat(lists(corpus)).isEqualTo(Map.of("a.md", List.of("user:alice")));
    }

    /** For each document whoever it says may see it. */
    private static Map<String, List<String>> audience(Random random) {
        var audience = new TreeMap<String, List<String>>();
        for (var i = 0; i < DOCUMENTS; i++) {
            var principals = IntStream.range(0, random.nextInt(3))
                    .mapToObj(each -> "user:u" + random.nextInt(4))
                    .toList();
            audience.put("d%02d.md".formatted(i), Acl.of("access", principals).principals());
        }
        return audience;
    }

    /** Says so in the sources, whose texts change in each round. */
    private void declare(boolean byFile, Map<String, List<String>> audience, int round) throws IOException {
        var lines = new StringBuilder("rules:\n");
        for (var document : audience.entrySet()) {
            lines.append("- {paths: %s, principals: %s}\n".formatted(document.getKey(), document.getValue()));
            write(
                    document.getKey(),
                    byFile ? "everyone" : document.getValue().toString(),
                    "Words of round %d.\n\n## Part\n\nMore words.".formatted(round / 2));
        }
        Files.deleteIfExists(folder.resolve("data").resolve(FILE));
        if (byFile) {
            corpus.write(FILE, lines.toString());
        }
    }

    private void run(String name, boolean byFile) {
        corpus.run(name, MANIFEST, List.of(), source -> source.with(byFile ? BY_FILE : BY_FIELD));
    }

    /** No chunk is seen by others than its source has named. */
    private void requireSaid(List<Map<String, List<String>>> said) {
        for (var chunk : chunks(corpus).values()) {
            var document = chunk.path("documentId").asText();
            assertThat(said).extracting(audience -> audience.get(document)).contains(list(chunk));
        }
    }

    private boolean isKilled(String run, boolean byFile, int request, boolean done) throws Exception {
        var seen = new AtomicInteger();
        var hold = new Disturbance.Hold();
        proxy.disturb(call -> !call.path().contains("/_doc/run-") && seen.incrementAndGet() == request, 1, hold);
        var declared = corpus.source().with(byFile ? BY_FILE : BY_FIELD);
        try (var process = IngestProcess.start(
                corpus.specification(run, MANIFEST, List.of(), List.of(declared)),
                folder.resolve("work"),
                List.of("data=" + folder.resolve("data")),
                256)) {
            while (process.isAlive() && !hold.isHolding()) {
                LockSupport.parkNanos(5_000_000);
            }
            var killed = hold.isHolding();
            process.kill();
            if (done) {
                hold.release();
            } else {
                hold.drop();
            }
            proxy.calm();
            return killed;
        }
    }

    private Counts byFile(String run) {
        return corpus.run(run, MANIFEST, List.of(), source -> source.with(BY_FILE));
    }

    private void rules(String... rules) throws IOException {
        var lines = new StringBuilder("rules:\n");
        for (var rule : rules) {
            var colon = rule.indexOf(": ");
            lines.append("- {paths: \"%s\", principals: %s}\n"
                    .formatted(rule.substring(0, colon), rule.substring(colon + 2)));
        }
        corpus.write(FILE, lines.toString());
    }

    private void write(String file, String access, String words) throws IOException {
        corpus.write(file, "---\naccess: %s\n---\n# Title\n\n%s\n".formatted(access, words));
    }

    private JsonNode hidden() {
        return corpus.ledger("generation-1").path("hidden");
    }

    /** The access list of each document, which all of its chunks have. */
    private static Map<String, List<String>> lists(Corpora of) {
        var lists = new TreeMap<String, List<String>>();
        for (var chunk : chunks(of).values()) {
            var document = chunk.path("documentId").asText();
            var before = lists.put(document, list(chunk));
            assertThat(before == null || before.equals(list(chunk)))
                    .as(document)
                    .isTrue();
        }
        return lists;
    }

    private static List<String> list(JsonNode chunk) {
        var list = new ArrayList<String>();
        chunk.path("acl").forEach(principal -> list.add(principal.asText()));
        return list;
    }

    private static Map<String, ObjectNode> chunks(Corpora of) {
        var chunks = new TreeMap<String, ObjectNode>();
        for (var hit : search(of, "{\"size\":1000}")) {
            chunks.put(hit.path("_id").asText(), hit.path("_source").deepCopy());
        }
        return chunks;
    }

    private static Map<String, String> vectors(Corpora of) {
        var vectors = new TreeMap<String, String>();
        for (var hit : search(of, "{\"size\":1000,\"_source\":false,\"fields\":[\"vector\"]}")) {
            vectors.put(
                    hit.path("_id").asText(), hit.path("fields").path("vector").toString());
        }
        return vectors;
    }

    private static JsonNode search(Corpora of, String body) {
        try (var connection = of.connection()) {
            var index = "/" + of.names().generation(1);
            connection.send("POST", index + "/_refresh", null);
            return connection
                    .send("POST", index + "/_search?q=_exists_:documentId", body.getBytes(StandardCharsets.UTF_8))
                    .json()
                    .path("hits")
                    .path("hits");
        }
    }

    private Corpora lines() throws IOException {
        return another(new SourceManifest.JsonLines("id", null, "text", null, List.of("year")));
    }

    private Corpora another(SourceManifest.@Nullable JsonLines lines) throws IOException {
        var plain = Corpora.in(folder, SharedNode.url(), SmallModel.get(), lines);
        Files.createDirectories(folder.resolve("data/hr"));
        var closed = new Corpora(
                proxy.url(),
                plain.model(),
                plain.source().with(BY_FIELD),
                plain.mount(),
                plain.workspace(),
                plain.names());
        closed.create(MANIFEST);
        return closed;
    }
}
