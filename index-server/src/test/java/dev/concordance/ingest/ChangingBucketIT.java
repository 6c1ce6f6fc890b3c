package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.SharedNode;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket that changes while it is listed and read: nothing of it goes wrongly, and the next run is in step. */
final class ChangingBucketIT {
    private static final int PAGE = 2;
    private static final Pattern TOKEN = Pattern.compile("continuation-token=after-([a-z.]+)");

    @TempDir
    private Path folder;

    private final ConcurrentSkipListMap<String, String> objects = new ConcurrentSkipListMap<>();
    private HttpServer store;
    private Corpora corpus;
    private SourceManifest source;
    private int runs;
    /** Happens once, when the first page was listed. */
    private Runnable betweenPages = () -> {};
    /** Happens once, when the next object was given. */
    private Runnable afterReading = () -> {};

    @BeforeEach
    void index() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/handbook", this::answer);
        store.start();
        source = Corpora.bucket(
                "docs",
                "handbook",
                URI.create("http://127.0.0.1:" + store.getAddress().getPort()));
        corpus = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        corpus.create(Corpora.manifest(1));
        put("a.md", "b.md", "c.md", "d.md", "e.md");
        run();
        assertThat(indexed()).isEqualTo(held());
    }

    @AfterEach
    void stop() {
        store.stop(0);
    }

    @Test
    void isInStepAfterKeysHaveComeAndGoneBetweenTwoPages() {
        put("ab.md");
        objects.put("b.md", "Changed before.");
        betweenPages = () -> {
            // Of what has been listed by then.
            objects.keySet().removeAll(List.of("a.md", "ab.md"));
            put("aa.md");
            // Of what has not.
            objects.remove("d.md");
            objects.put("c.md", "Changed meanwhile.");
            put("f.md");
        };
        assertThat(run().deleted()).as("d.md").isEqualTo(1);
        assertThat(indexed())
                .as("what was listed and has gone is as it was, and what came behind is not known yet")
                .isEqualTo(Map.of(
                        "a.md", "Words of a.md.",
                        "b.md", "Changed before.",
                        "c.md", "Changed meanwhile.",
                        "e.md", "Words of e.md.",
                        "f.md", "Words of f.md."));
        run();
        assertThat(indexed()).isEqualTo(held());
        assertThat(run().unchanged()).isEqualTo(objects.size());
    }

    /** Its second listing says nothing else than the first, so that only the reading tells that there was something between. */
    @Test
    void isInStepAfterAnObjectWasAnotherOneOnlyWhenItWasRead() {
        objects.put("a.md", "Listed.");
        betweenPages = () -> objects.put("a.md", "Published by mistake.");
        afterReading = () -> objects.put("a.md", "Listed.");
        run();
        assertThat(indexed()).containsEntry("a.md", "Published by mistake.");
        run();
        assertThat(indexed()).isEqualTo(held());
        assertThat(run().unchanged()).isEqualTo(objects.size());
    }

    private void put(String... keys) {
        for (var key : keys) {
            objects.put(key, "Words of " + key + ".");
        }
    }

    private Counts run() {
        return corpus.run(corpus.specification("r" + ++runs, Corpora.manifest(1), List.of(), List.of(source)));
    }

    private Map<String, String> indexed() {
        return IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1)).documents().entrySet().stream()
                .collect(Collectors.toMap(
                        document -> document.getKey().substring("docs:".length()),
                        document ->
                                String.join(" ", document.getValue().chunks()).strip()));
    }

    private Map<String, String> held() {
        return Map.copyOf(objects);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var query = String.valueOf(exchange.getRequestURI().getQuery());
        if (query.contains("list-type")) {
            list(exchange, query);
            return;
        }
        var key = exchange.getRequestURI().getPath().replaceFirst("^/handbook/", "");
        var text = objects.get(key);
        if (text == null) {
            send(exchange, 404, "<Error><Code>NoSuchKey</Code></Error>");
            return;
        }
        exchange.getResponseHeaders().set("ETag", tag(text));
        afterReading.run();
        afterReading = () -> {};
        send(exchange, 200, text);
    }

    private void list(HttpExchange exchange, String query) throws IOException {
        var token = TOKEN.matcher(query);
        var after = token.find() ? token.group(1) : "";
        var left = objects.tailMap(after, false).entrySet().stream().toList();
        var page = left.stream().limit(PAGE).toList();
        var next = left.size() <= PAGE
                ? ""
                : "<NextContinuationToken>after-%s</NextContinuationToken>"
                        .formatted(page.getLast().getKey());
        var body = page.stream()
                .map(object -> "<Contents><Key>%s</Key><ETag>%s</ETag><Size>%d</Size></Contents>"
                        .formatted(
                                object.getKey(),
                                tag(object.getValue()),
                                object.getValue().length()))
                .collect(Collectors.joining(
                        "",
                        "<ListBucketResult><Name>handbook</Name><KeyCount>%d</KeyCount><IsTruncated>%s</IsTruncated>%s"
                                .formatted(page.size(), !next.isEmpty(), next),
                        "</ListBucketResult>"));
        if (after.isEmpty()) {
            betweenPages.run();
            betweenPages = () -> {};
        }
        send(exchange, 200, body);
    }

    private static String tag(String text) {
        return "\"%x\"".formatted(text.hashCode());
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
