package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.concordance.localcluster.servers.DatabaseProcess.Kind;
import dev.concordance.localcluster.servers.KafkaProcess;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.manifest.SourceManifest.Jdbc.Columns;
import dev.concordance.manifest.SourceManifest.Jdbc.Format;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import dev.concordance.testing.TestDatabase;
import dev.concordance.testing.TestInbox;
import dev.concordance.testing.TestTopic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where documents that are no files say who may see them: what is said is applied, costs no embedding, and lets in nobody else. */
class AccessByKindIT {
    private static final GenerationManifest MANIFEST = Corpora.documentLevel();
    private static final SourceManifest.Access READERS = new SourceManifest.Access("readers", null);

    @TempDir
    private Path folder;

    private int runs;

    /** Writes a document at its place. */
    private interface Writer {
        /** @param readers null: the document doesn't say it */
        void write(String id, String words, @Nullable String readers) throws IOException, SQLException;
    }

    @Test
    void isAFieldOfAPushedDocument() throws Exception {
        var source = new SourceManifest(
                TestInbox.SOURCE, new SourceManifest.Push(), List.of(), List.of(), "https://example.org/{id}", null);
        var corpus = corpus(source);
        try (var elasticsearch = corpus.connection()) {
            var inbox = new TestInbox(elasticsearch, corpus.names().inbox(), Clock.systemUTC()).create();
            follow(corpus, "", (id, words, readers) -> {
                var json = ManifestJson.mapper().createObjectNode().put("content", words);
                json.putObject("metadata").put("readers", "everyone");
                if (readers != null) {
                    // Whatever the corpus calls the field elsewhere.
                    json.put("access", readers);
                }
                inbox.putJson(id, json.toString());
            });
        }
    }

    @Test
    void isAFieldOfARecordsJsonOrItsFrontMatter() throws Exception {
        var json = new SourceManifest.JsonLines("", null, "body", null, List.of());
        try (var broker = KafkaProcess.start(folder.resolve("broker"), null);
                var topic = TestTopic.of(broker, 3, Map.of());
                var other = TestTopic.of(broker, 1, Map.of())) {
            follow(corpus(topic.declared(json, Format.text)), "", (id, words, readers) -> {
                var value = ManifestJson.mapper().createObjectNode().put("body", words);
                value.set("readers", ManifestJson.mapper().valueToTree(readers));
                topic.put(id, value.toString());
            });
            follow(
                    corpus(other.declared(null, Format.markdown)),
                    "",
                    (id, words, readers) ->
                            other.put(id, (readers == null ? "" : "---\nreaders: [" + readers + "]\n---\n") + words));
        }
    }

    @Test
    void isAMetaElementOfAPage() throws Exception {
        var pages = new ConcurrentSkipListMap<String, String>();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> answer(exchange, pages));
        server.start();
        try {
            var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            var web = new SourceManifest.Web(List.of(url), List.of(), List.of(), 3, 50, 1, null, null, null, true);
            var source = new SourceManifest("site", web, List.of("p/**"), List.of(), null, null);
            follow(corpus(source), url + "p/", (id, words, readers) -> {
                var meta = readers == null ? "" : "<meta name='readers' content='%s'>".formatted(readers);
                pages.put(
                        id.substring(url.length() - 1),
                        "<head><title>T</title>%s</head><body><main><p>%s</p></main></body>".formatted(meta, words));
            });
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void isAColumnOfARow(Kind kind) throws Exception {
        try (var database = TestDatabase.start(kind, folder.resolve("server"))) {
            database.run("CREATE TABLE articles (id VARCHAR(100) PRIMARY KEY, body TEXT, readers TEXT)");
            var columns = new Columns("id", "body", null, null, null, null, List.of());
            var corpus = corpus(database.declared("SELECT * FROM articles", columns));
            Files.writeString(corpus.mount().resolve("username"), TestDatabase.READER);
            Files.writeString(corpus.mount().resolve("password"), TestDatabase.PASSWORD);
            follow(corpus, "", (id, words, readers) -> {
                var value = readers == null ? "NULL" : "'" + readers + "'";
                database.run(
                        "DELETE FROM articles WHERE id = '%s'".formatted(id),
                        "INSERT INTO articles VALUES ('%s', '%s', %s)".formatted(id, words, value));
            });
        }
    }

    private void follow(Corpora corpus, String prefix, Writer writer) throws IOException, SQLException {
        writer.write(prefix + "a", "The first words.", "group:staff, user:bob");
        writer.write(prefix + "b", "Other words.", "user:bob");
        writer.write(prefix + "c", "Words that nobody sees.", null);
        assertThat(run(corpus).embedded()).isEqualTo(3);
        assertThat(lists(corpus))
                .isEqualTo(Map.of(
                        prefix + "a",
                        List.of("group:staff", "user:bob"),
                        prefix + "b",
                        List.of("user:bob"),
                        prefix + "c",
                        List.of()));
        assertThat(hidden(corpus)).containsExactly(prefix + "c");

        writer.write(prefix + "a", "The first words.", "user:carol");
        writer.write(prefix + "d", "New words.", "everyone");
        assertThat(run(corpus).embedded()).as("nothing but what is new").isEqualTo(1);
        assertThat(lists(corpus))
                .containsEntry(prefix + "a", List.of("user:carol"))
                .containsEntry(prefix + "d", List.of("everyone"));

        writer.write(prefix + "b", "Other words.", null);
        writer.write(prefix + "c", "Words that nobody sees.", "user:dave");
        assertThat(run(corpus).embedded()).isZero();
        assertThat(lists(corpus))
                .containsEntry(prefix + "b", List.of())
                .containsEntry(prefix + "c", List.of("user:dave"));
        assertThat(hidden(corpus)).containsExactly(prefix + "b");
        assertThat(metadata(corpus)).doesNotContain("readers", "access");
        Damage.isRepaired(corpus, MANIFEST, corpus.source(), "r" + ++runs);
    }

    private Counts run(Corpora corpus) {
        return corpus.run("r" + ++runs, MANIFEST, List.of());
    }

    /** The access list of each document, all of which have one passage. */
    private static Map<String, List<String>> lists(Corpora of) {
        var lists = new TreeMap<String, List<String>>();
        for (var hit : hits(of)) {
            var chunk = hit.path("_source");
            var list = chunk.path("acl").valueStream().map(JsonNode::asText).toList();
            assertThat(lists.put(chunk.path("documentId").asText(), list)).isNull();
        }
        return lists;
    }

    private static List<String> hidden(Corpora of) {
        return of.ledger("generation-1").path("hidden").path("sample").findValuesAsText("documentId");
    }

    private static String metadata(Corpora of) {
        var all = new StringBuilder();
        hits(of).forEach(hit -> all.append(hit.path("_source").path("metadata")));
        return all.toString();
    }

    private static JsonNode hits(Corpora of) {
        try (var connection = of.connection()) {
            var index = "/" + of.names().generation(1);
            connection.send("POST", index + "/_refresh", null);
            return connection
                    .send("POST", index + "/_search?size=100&q=_exists_:documentId", null)
                    .json()
                    .path("hits")
                    .path("hits");
        }
    }

    private Corpora corpus(SourceManifest source) throws IOException {
        var plain = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        var corpus = new Corpora(
                plain.elasticsearch(),
                plain.model(),
                source.with(READERS),
                plain.mount(),
                plain.workspace(),
                plain.names());
        corpus.create(MANIFEST);
        return corpus;
    }

    private static void answer(HttpExchange exchange, Map<String, String> pages) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var links = new StringBuilder("<main>Contents");
            pages.keySet().forEach(page -> links.append("<a href='%1$s'>%1$s</a>".formatted(page)));
            var html = path.equals("/") ? links.toString() : pages.get(path);
            if (html == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            var bytes = html.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
