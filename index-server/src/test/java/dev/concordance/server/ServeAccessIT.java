package dev.concordance.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.RoutingTable.Access;
import dev.concordance.manifest.RoutingTable.Route;
import dev.concordance.manifest.RoutingTable.Token;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.ServerProcess;
import dev.concordance.testing.ServerProcess.Answer;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever searches finds what the documents say that they may see, and nothing tells of the others. */
class ServeAccessIT {
    private static final long SEED = 20_260_505;
    private static final int DOCUMENTS = 40;
    private static final int CALLERS = 40;
    private static final Access AN_HOUR = new Access(Duration.ofHours(1).toMillis());
    private static final List<String> PRINCIPALS =
            List.of("user:alice", "user:bob", "group:staff", "group:Alle in Köln", "user:100%");
    private static final Embedder MODEL = SmallModel.get();

    /** What each document says of who may see it, and who they are. */
    private static final Map<String, Set<String>> AUDIENCE = new HashMap<>();

    private static Guides guide;
    private static Corpora corpus;
    private static GenerationManifest manifest;
    private static ServerProcess server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        guide = new Guides(SharedNode.url(), MODEL, folder, "closed");
        var data = Files.createDirectories(folder.resolve("closed"));
        var random = new Random(SEED);
        for (var i = 0; i < DOCUMENTS; i++) {
            write(data, i, audience(random));
        }
        var plain = Corpora.manifest(1);
        manifest = new GenerationManifest(
                1, plain.pipeline(), plain.chunking(), plain.model(), 2, plain.metadata(), plain.privacy(), true, null);
        corpus = guide.corpus();
        corpus.create(manifest);
        sync("r1");
        guide.point(1, 0);
        new Guides(SharedNode.url(), MODEL, folder, "open").index();
        var tokens = Files.createDirectories(folder.resolve("tokens"));
        for (var token : List.of("alice", "nobody", "portal")) {
            Files.writeString(tokens.resolve(token), token + "-secret");
        }
        server = ServerProcess.start(folder, table(AN_HOUR), List.of("tokens=" + tokens));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void serve() throws Exception {
        server.route(table(AN_HOUR));
        server.await(() -> server.search("closed", body("lexical")).status() == 401
                && search("alice", "lexical").status() == 200);
    }

    @Test
    void findsForEachCallerWhatAModelSays() throws Exception {
        var random = new Random(SEED + 1);
        for (var i = 0; i < CALLERS; i++) {
            var names = some(random);
            for (var mode : List.of("lexical", "semantic", "hybrid")) {
                assertThat(found(send("portal", mode, encoded(names))))
                        .as("%s as %s", mode, names)
                        .isEqualTo(visible(names));
            }
        }
    }

    @Test
    void searchesWithTheTokensOwnPrincipalsOrAsNobodyInParticular() throws Exception {
        assertThat(found(search("alice", "hybrid"))).isEqualTo(visible(List.of("user:alice", "group:staff")));
        assertThat(found(search("nobody", "hybrid")))
                .isEqualTo(visible(List.of()))
                .isNotEmpty();
        assertThat(found(search("portal", "hybrid"))).isEqualTo(visible(List.of("user:bob")));
    }

    @Test
    void searchesAsThoseAloneWhoAreNamed() throws Exception {
        assertThat(found(send("portal", "hybrid", ""))).as("named, and nobody").isEqualTo(visible(List.of()));
        assertThat(found(send("portal", "hybrid", "user:alice"))).isEqualTo(visible(List.of("user:alice")));
        var twice = request("portal", "hybrid").header("Concordance-Principals", "user:alice");
        assertThat(found(server.send(
                        twice.header("Concordance-Principals", "group:staff").build())))
                .isEqualTo(visible(List.of("user:alice", "group:staff")));
    }

    @Test
    void letsNobodyElseSayAsWhomItSearches() throws Exception {
        for (var token : List.of("alice", "nobody")) {
            for (var names : List.of("user:bob", "everyone", "", "nonsense")) {
                var answer = send(token, "hybrid", names);
                assertThat(answer.status()).isEqualTo(403);
                assertThat(answer.body().path("detail").asText()).contains("delegates");
            }
        }
        assertThat(send(null, "hybrid", "user:bob").status()).isEqualTo(401);
        var body = "{\"query\":\"words\",\"principals\":[\"user:bob\"]}";
        assertThat(server.search("docs", "closed", body, "portal-secret").status())
                .isEqualTo(400);
    }

    @Test
    void saysWhatIsWrongWithNames() throws Exception {
        for (var names : List.of("bob", "user:", "user:a%2Cuser:b", "user:%0a", "user:%zz")) {
            var answer = send("portal", "hybrid", names);
            assertThat(answer.status()).as(names).isEqualTo(400);
            assertThat(answer.body().path("field").asText()).isEqualTo("Concordance-Principals");
        }
    }

    @Test
    void showsAnyoneWhatEveryoneMaySee() throws Exception {
        server.route(new RoutingTable(true, List.of(), List.of(route("closed", AN_HOUR)), Guides.limits()));
        server.await(() -> server.search("closed", body("lexical")).status() == 200);
        for (var mode : List.of("lexical", "semantic", "hybrid")) {
            assertThat(found(server.search("closed", body(mode)))).isEqualTo(visible(List.of()));
        }
        assertThat(send(null, "hybrid", "user:bob").status()).isEqualTo(403);
        assertThat(server.get("/v1/corpora").status()).isEqualTo(200);
    }

    @Test
    void tellsNothingOfWhoMaySeeOrOfWhatOthersSee() throws Exception {
        var body =
                "{\"query\":\"secret words\",\"k\":100,\"highlight\":true,\"explain\":true,\"groupBy\":\"document\",\"rerank\":true}";
        var answer = server.search("docs", "closed", body, "nobody-secret");
        assertThat(found(answer)).isEqualTo(visible(List.of()));
        var text = answer.body().toString();
        assertThat(text).doesNotContain("acl", "user:", "group:", "everyone", "access");
        AUDIENCE.forEach((document, seenBy) -> {
            if (!seenBy.contains("everyone")) {
                assertThat(text).doesNotContain("secret of " + document + ".");
            }
        });
        for (var field : List.of("acl", "access")) {
            var filtered = "{\"query\":\"words\",\"filter\":{\"ne\":{\"%s\":\"user:bob\"}}}".formatted(field);
            assertThat(server.search("docs", "closed", filtered, "nobody-secret")
                            .status())
                    .isEqualTo(400);
        }
        assertThat(server.text("/q/metrics")).doesNotContain("user:", "group:");
        assertThat(server.log()).doesNotContain("user:", "group:staff");
    }

    @Test
    void narrowsTheNextSearchAfterARunThatEmbedsNothing() throws Exception {
        var name = "0.md";
        var data = corpus.mount();
        var before = AUDIENCE.get(name);
        try {
            write(data, 0, "[user:alice]");
            sync("narrow-1");
            assertThat(found(search("alice", "hybrid"))).contains(name);
            write(data, 0, "[user:bob]");
            var counts = sync("narrow-2");
            assertThat(counts.embedded()).isZero();
            for (var mode : List.of("lexical", "semantic", "hybrid")) {
                assertThat(found(search("alice", mode))).doesNotContain(name);
                assertThat(found(search("portal", mode))).contains(name);
            }
        } finally {
            write(data, 0, new ArrayList<>(before).toString());
            sync("narrow-3");
        }
    }

    @Test
    void refusesToAnswerByAccessListsThatAreTooOld() throws Exception {
        server.route(table(new Access(1)));
        server.await(() -> search("alice", "lexical").status() == 503);
        var answer = search("alice", "hybrid");
        assertThat(answer.type()).isEqualTo("application/problem+json");
        assertThat(answer.body().path("detail").asText()).contains("access.maxStaleness");
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(server.search("docs", "open", body("hybrid"), "alice-secret").status())
                .as("other corpora are answered")
                .isEqualTo(200);
    }

    @Test
    void refusesToAnswerFromAnIndexThatKnowsNobody() throws Exception {
        server.route(new RoutingTable(
                false, tokens(), List.of(route("closed", AN_HOUR), route("open", AN_HOUR)), Guides.limits()));
        server.await(() ->
                server.search("docs", "open", body("lexical"), "alice-secret").status() == 503);
        assertThat(server.search("docs", "open", body("lexical"), "alice-secret")
                        .body()
                        .path("detail")
                        .asText())
                .contains("doesn't know yet who may see");
    }

    @Test
    void believesTheIndexWhereTheTableDoesNotKnowYetThatDocumentsAreClosed() throws Exception {
        server.route(table(null));
        server.await(() -> search("nobody", "lexical").status() == 200);
        assertThat(found(search("nobody", "hybrid"))).isEqualTo(visible(List.of()));
        server.route(new RoutingTable(true, List.of(), List.of(route("closed", null)), Guides.limits()));
        server.await(() -> server.search("closed", body("lexical")).status() == 200);
        assertThat(found(server.search("closed", body("hybrid")))).isEqualTo(visible(List.of()));
    }

    private static Counts sync(String run) {
        return corpus.run(run, manifest, List.of(), source -> source.with(new SourceManifest.Access("access", null)));
    }

    /** As front matter has it; null: nothing is said. */
    private static @Nullable String audience(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> "nonsense";
            case 2 -> "everyone";
            default -> "[" + String.join(", ", some(random)) + "]";
        };
    }

    private static List<String> some(Random random) {
        var some = new ArrayList<String>();
        for (var left = random.nextInt(4); left > 0; left--) {
            some.add(PRINCIPALS.get(random.nextInt(PRINCIPALS.size())));
        }
        return some;
    }

    private static void write(Path data, int document, @Nullable String access) throws Exception {
        var name = document + ".md";
        var said = access == null ? "" : "access: " + access + "\n";
        Files.writeString(
                data.resolve(name),
                "---\nyear: 2020\n%s---\n# Page\n\nSecret words: the secret of %s.\n".formatted(said, name));
        var seenBy = new TreeSet<String>();
        if (access != null && !access.equals("nonsense")) {
            for (var principal : access.replaceAll("[\\[\\]]", "").split(",", -1)) {
                if (!principal.isBlank()) {
                    seenBy.add(principal.strip());
                }
            }
        }
        AUDIENCE.put(name, seenBy);
    }

    private static Set<String> visible(List<String> principals) {
        var visible = new TreeSet<String>();
        AUDIENCE.forEach((document, seenBy) -> {
            if (seenBy.contains("everyone") || principals.stream().anyMatch(seenBy::contains)) {
                visible.add(document);
            }
        });
        return visible;
    }

    private static Set<String> found(Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        var found = new TreeSet<String>();
        for (JsonNode hit : answer.body().path("hits")) {
            found.add(hit.path("documentId").asText());
        }
        return found;
    }

    private static String encoded(List<String> names) {
        return names.stream()
                .map(name -> name.replace("%", "%25").replace("ö", "%C3%B6"))
                .collect(Collectors.joining(", "));
    }

    private static Answer search(@Nullable String token, String mode) {
        return server.send(request(token, mode).build());
    }

    private static Answer send(@Nullable String token, String mode, String names) {
        return server.send(
                request(token, mode).header("Concordance-Principals", names).build());
    }

    private static HttpRequest.Builder request(@Nullable String token, String mode) {
        var request = server.post("docs", "closed", HttpRequest.BodyPublishers.ofString(body(mode)))
                .header("Content-Type", "application/json");
        return token == null ? request : request.header("Authorization", "Bearer " + token + "-secret");
    }

    private static String body(String mode) {
        return ManifestJson.mapper()
                .createObjectNode()
                .put("query", "secret words")
                .put("k", 100)
                .put("mode", mode)
                .toString();
    }

    private static RoutingTable table(@Nullable Access access) {
        return new RoutingTable(
                false, tokens(), List.of(route("closed", access), route("open", null)), Guides.limits());
    }

    private static List<Token> tokens() {
        return List.of(
                new Token("alice", "tokens", "alice", List.of("*"), List.of("user:alice", "group:staff"), false),
                new Token("nobody", "tokens", "nobody", List.of("*")),
                new Token("portal", "tokens", "portal", List.of("*"), List.of("user:bob"), true));
    }

    private static Route route(String name, @Nullable Access access) {
        var named = new Guides(guide.elasticsearch(), guide.model(), guide.folder(), name);
        var route = named.route(SharedNode.url(), BundledModel.ALL_MINILM_L6_V2_Q.manifest());
        return access == null ? route : route.with(access);
    }
}
