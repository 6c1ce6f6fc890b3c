package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.concordance.localcluster.servers.IndexSnapshot;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunSpecification.DeletionGuard;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.source.SourceException;
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
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A bucket whose listing breaks off after its first page: no document goes for it, whatever the guard would allow. */
final class TruncatedBucketIT {
    private static final int PAGE = 10;
    private static final int KEYS = 30;
    private static final Pattern TOKEN = Pattern.compile("continuation-token=p([0-9]+)");
    /** Allows everything, so that nothing but the listing itself keeps documents. */
    private static final DeletionGuard NONE = new DeletionGuard(KEYS, 100, null, 1);

    @TempDir
    private Path folder;

    private HttpServer store;
    private Corpora corpus;
    private SourceManifest source;
    private volatile Listing listing = Listing.WHOLE;
    private volatile int keys = KEYS;
    private int runs;

    /** How the store lists its second page. */
    private enum Listing {
        WHOLE,
        /** The page before says that there is another one, and not which. */
        WITHOUT_TOKEN,
        UNAVAILABLE,
        FORBIDDEN,
        CUT_OFF
    }

    @BeforeEach
    void index() throws IOException {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", this::answer);
        store.start();
        source = Corpora.bucket(
                "docs",
                "handbook",
                URI.create("http://127.0.0.1:" + store.getAddress().getPort()));
        corpus = Corpora.in(folder, SharedNode.url(), SmallModel.get(), null);
        corpus.create(Corpora.manifest(1));
        run();
        assertThat(indexed()).isEqualTo(names(KEYS));
    }

    @AfterEach
    void stop() {
        store.stop(0);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WHOLE")
    void losesNothingAndSaysSo(Listing broken) {
        var before = freshAsOf();
        listing = broken;
        var reason = broken == Listing.FORBIDDEN ? FailureReason.SourceUnauthorized : FailureReason.SourceUnreachable;
        assertThatThrownBy(this::run)
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining("nothing was changed");
        assertThat(corpus.ledger(RunReport.id("r" + runs))
                        .path("failure")
                        .path("reason")
                        .asText())
                .isEqualTo(reason.name());
        assertThat(indexed()).isEqualTo(names(KEYS));
        assertThat(freshAsOf()).as("answers are as old as they were").isEqualTo(before);
        listing = Listing.WHOLE;
        keys = KEYS - 1;
        assertThat(run().deleted()).isEqualTo(1);
        assertThat(indexed()).isEqualTo(names(KEYS - 1));
    }

    @Test
    void losesWhatAWholeListingNoLongerHas() {
        keys = PAGE;
        assertThat(run().deleted()).isEqualTo(KEYS - PAGE);
        assertThat(indexed()).isEqualTo(names(PAGE));
    }

    @Test
    void isRepairedWhereSomebodyElseHasWrittenToTheIndex() {
        Damage.isRepaired(corpus, Corpora.manifest(1), source, "verify");
    }

    private Counts run() {
        runs++;
        return corpus.run(Corpora.guarded(
                corpus.specification("r" + runs, Corpora.manifest(1), List.of(), List.of(source)), NONE));
    }

    private String freshAsOf() {
        return corpus.ledger(GenerationState.id(1)).path("freshAsOf").asText();
    }

    private Set<String> indexed() {
        return IndexSnapshot.of(SharedNode.url(), corpus.names().generation(1))
                .documents()
                .keySet();
    }

    private static Set<String> names(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> "docs:" + key(number))
                .collect(Collectors.toSet());
    }

    private static String key(int number) {
        return "page-%02d.md".formatted(number);
    }

    private static String text(int number) {
        return "# Page %1$d\n\nWords of page %1$d.\n".formatted(number);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var query = String.valueOf(exchange.getRequestURI().getQuery());
        if (!query.contains("list-type")) {
            var path = exchange.getRequestURI().getPath();
            var number = Integer.parseInt(path.replaceAll("[^0-9]", ""));
            exchange.getResponseHeaders().set("ETag", "\"%d\"".formatted(number));
            send(exchange, 200, text(number));
            return;
        }
        var token = TOKEN.matcher(query);
        var from = token.find() ? Integer.parseInt(token.group(1)) : 0;
        switch (from < PAGE ? Listing.WHOLE : listing) {
            case UNAVAILABLE -> send(exchange, 503, "<Error><Code>SlowDown</Code></Error>");
            case FORBIDDEN -> send(exchange, 403, "<Error><Code>AccessDenied</Code></Error>");
            case CUT_OFF -> send(exchange, 200, page(from).substring(0, 200));
            default -> send(exchange, 200, page(from));
        }
    }

    private String page(int from) {
        var to = Math.min(keys, from + PAGE);
        var more = to < keys;
        var token = more && listing != Listing.WITHOUT_TOKEN
                ? "<NextContinuationToken>p" + to + "</NextContinuationToken>"
                : "";
        return IntStream.range(from, to)
                .mapToObj(number -> "<Contents><Key>%s</Key><ETag>\"%d\"</ETag><Size>%d</Size></Contents>"
                        .formatted(key(number), number, text(number).length()))
                .collect(Collectors.joining(
                        "",
                        "<ListBucketResult><Name>handbook</Name><KeyCount>%d</KeyCount><IsTruncated>%s</IsTruncated>%s"
                                .formatted(to - from, more, token),
                        "</ListBucketResult>"));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
