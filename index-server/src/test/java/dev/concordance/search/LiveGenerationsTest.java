package dev.concordance.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.manifest.AnnRecall;
import dev.concordance.manifest.AnnRecall.Depth;
import dev.concordance.manifest.AnnRecall.Measured;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.GenerationMapping;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable.Semantic;
import dev.concordance.testing.Corpora;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveGenerationsTest {
    private static final String ALIAS = "cc-docs-handbook";
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final LiveGenerations generations = new LiveGenerations();
    private HttpServer server;
    private ElasticsearchConnection elasticsearch;
    private volatile @Nullable Instant freshAsOf = NOON;
    private volatile @Nullable AnnRecall annRecall;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        var url = "http://127.0.0.1:" + server.getAddress().getPort();
        elasticsearch = ElasticsearchConnection.open(
                new ElasticsearchAccess(List.of(url), null, null), Path::of, Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() {
        elasticsearch.close();
        server.stop(0);
    }

    @Test
    void looksAgainHowFreshACorpusIsThatIsFollowed() {
        generations.refresh(elasticsearch, ALIAS);
        freshAsOf = NOON.plusSeconds(1);
        asked.clear();
        look(NOON.plusMillis(1_200));
        assertThat(asked).containsExactly("/_mget");
        assertThat(told()).isEqualTo(NOON.plusSeconds(1));
    }

    @Test
    void asksNothingOfACorpusThatJobsKeepFresh() {
        generations.refresh(elasticsearch, ALIAS);
        asked.clear();
        look(NOON.plusSeconds(6));
        assertThat(asked).isEmpty();
        assertThat(told()).isEqualTo(NOON);
    }

    @Test
    void asksNothingOfACorpusThatHasNoRunBehindIt() {
        freshAsOf = null;
        generations.refresh(elasticsearch, ALIAS);
        asked.clear();
        look(NOON);
        assertThat(asked).isEmpty();
    }

    @Test
    void keepsWhatWasKnownWhileTheLedgerSaysNothing() {
        generations.refresh(elasticsearch, ALIAS);
        freshAsOf = null;
        look(NOON.plusSeconds(1));
        assertThat(told()).isEqualTo(NOON);
    }

    @Test
    void searchesAsThoroughlyAsWasMeasuredToBeEnough() {
        generations.refresh(elasticsearch, ALIAS);
        assertThat(depth(0.95)).isEqualTo(new Depth(2, 1));
        annRecall = new AnnRecall(
                NOON,
                1_000,
                100,
                List.of(new Measured(new Depth(1, 1), 0.91, 1), new Measured(new Depth(4, 2), 0.97, 2)));
        generations.refresh(elasticsearch, ALIAS);
        assertThat(depth(0.9)).isEqualTo(new Depth(1, 1));
        assertThat(depth(0.95)).isEqualTo(new Depth(4, 2));
    }

    private Depth depth(double recall) {
        return generations.of(elasticsearch, ALIAS).depth(new Semantic(recall, 100, null));
    }

    private void look(Instant now) {
        generations.refreshFollowed(elasticsearch, List.of(ALIAS, "cc-docs-unknown"), now);
    }

    private Instant told() {
        return Objects.requireNonNull(generations.of(elasticsearch, ALIAS).freshAsOf());
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().getPath());
        var json = ManifestJson.mapper().createObjectNode();
        if (exchange.getRequestURI().getPath().endsWith("/_mapping")) {
            var manifest = Corpora.manifest(1);
            json.putObject(ALIAS + "-g1")
                    .set("mappings", GenerationMapping.chunks(manifest, 0).path("mappings"));
        } else {
            var document = json.putArray("docs").addObject().put("found", freshAsOf != null);
            if (freshAsOf != null) {
                document.putObject("_source")
                        .put("freshAsOf", String.valueOf(freshAsOf))
                        .set("annRecall", ManifestJson.mapper().valueToTree(annRecall));
            }
        }
        var body = json.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("X-Elastic-Product", "Elasticsearch");
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
