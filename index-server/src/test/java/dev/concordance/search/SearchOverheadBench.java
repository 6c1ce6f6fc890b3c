package dev.concordance.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.OnnxEmbedder;
import dev.concordance.embedding.Role;
import dev.concordance.localcluster.servers.ElasticsearchProcess;
import dev.concordance.manifest.AnnRecall.Depth;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.RoutingTable.Lexical;
import dev.concordance.search.QueryWriter.Query;
import dev.concordance.testing.BeirCorpus;
import dev.concordance.testing.Guides;
import dev.concordance.testing.RandomCorpus;
import dev.concordance.testing.RealCorpora;
import dev.concordance.testing.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a query server costs over asking Elasticsearch directly: the same hybrid searches, the vector given, once through the
 * server and once as one multi-search, whose hits have their passages: the request that gets what the server answers with.
 * Beside it, for comparison, the two requests that the server makes of it. In random order, on kept connections; after each
 * round the server is asked for a corpus that it doesn't have: what any server between the two would cost. The searches are
 * SciFact's where its folder is given, else made up. Throughput is measured where all share the cores, and where Elasticsearch
 * has one for itself, as a query server is a machine's or a pod's own. See docs/benchmarks.md.
 */
class SearchOverheadBench {
    private static final int DIRECT = 0;
    private static final int SERVED = 1;
    private static final int OWN = 2;
    private static final List<String> NAMES =
            List.of("directly in one request", "through the server", "the server's two requests directly", "refused");
    private static final long SEED = 7;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int CHUNKS = 10_000;
    private static final int QUERIES = 200;
    private static final int WARM_UP = 8_000;
    private static final int WARM_UP_SLICES = 21;
    private static final int ROUNDS = 3_000;
    private static final int CALLERS = 4;
    private static final int SLICES = 12;
    private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<List<HttpRequest>> direct = new ArrayList<>();
    private final List<List<HttpRequest>> served = new ArrayList<>();
    private final List<List<HttpRequest>> own = new ArrayList<>();
    private final List<List<List<HttpRequest>>> ways = List.of(direct, served, own);
    private final List<HttpRequest> refused = new ArrayList<>();
    private ElasticsearchProcess node;
    private ServerProcess server;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        node = ElasticsearchProcess.start(ElasticsearchProcess.Options.forMeasurement(folder.resolve("node")));
        var searches = RealCorpora.folder("scifact").isEmpty() ? madeUp() : real(folder);
        var route = searches.route();
        server = ServerProcess.startAsInItsImage(folder, Guides.anonymous(Guides.limits(), route), List.of());
        for (var body : searches.bodies()) {
            var parsed = RequestParser.parse(body, route, Guides.limits());
            var queries = new QueryWriter(route.alias(), parsed, 1, Lexical.DEFAULT, new Depth(2, 1), null);
            var candidates = queries.candidates(parsed.vector());
            var search = post(path(route.namespace(), route.corpus()), "application/json", body);
            direct.add(List.of(post(new Query(candidates.path(), withPassages(candidates.body())))));
            served.add(List.of(search));
            refused.add(post(path(route.namespace(), "none"), "application/json", body));
            var found = ManifestJson.mapper()
                    .readTree(send(search, OK))
                    .path("hits")
                    .findValuesAsText("chunkId");
            own.add(List.of(post(candidates), post(queries.passages(route.alias(), found))));
        }
    }

    private HttpRequest post(Query query) {
        var type = query.path().endsWith("/_msearch") ? "application/x-ndjson" : "application/json";
        return post(URI.create(node.url() + query.path()), type, query.body());
    }

    /** The multi-search with what is shown of the candidates, in place of what ranks them. */
    private static byte[] withPassages(byte[] candidates) throws IOException {
        var lines = new StringBuilder();
        for (var line : new String(candidates, StandardCharsets.UTF_8).split("\n", -1)) {
            if (line.contains("\"docvalue_fields\"")) {
                var search = (ObjectNode) ManifestJson.mapper().readTree(line);
                search.remove(List.of("stored_fields", "docvalue_fields"));
                search.set("_source", ManifestJson.mapper().valueToTree(QueryWriter.SHOWN));
                lines.append(search);
            } else {
                lines.append(line);
            }
            lines.append('\n');
        }
        return lines.toString().strip().concat("\n").getBytes(StandardCharsets.UTF_8);
    }

    private URI path(String namespace, String corpus) {
        return server.url().resolve("/v1/namespaces/%s/corpora/%s/search".formatted(namespace, corpus));
    }

    private record Searches(RoutingTable.Route route, List<byte[]> bodies) {}

    private Searches madeUp() {
        var random = new Random(SEED);
        var corpus = new RandomCorpus(node.url(), "overhead", random);
        corpus.index(CHUNKS);
        var bodies = Stream.generate(() -> body(corpus.words(6), RandomCorpus.vector(random)))
                .limit(QUERIES)
                .toList();
        return new Searches(corpus.route(), bodies);
    }

    private Searches real(Path folder) throws IOException {
        var data = RealCorpora.folder("scifact").getFirst();
        try (var model = OnnxEmbedder.open(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(), ModelFiles.bundledOnly())) {
            var corpus = new BeirCorpus(node.url(), model, data, "scifact");
            System.out.println("indexed " + corpus.index(folder.resolve("work")));
            var bodies = new ArrayList<byte[]>();
            for (var line : Files.readAllLines(data.resolve("queries.jsonl")).subList(0, QUERIES)) {
                var text = ManifestJson.mapper().readTree(line).path("text").asText();
                bodies.add(body(text, model.embed(Role.QUERY, text)));
            }
            return new Searches(corpus.route(), bodies);
        }
    }

    @AfterEach
    void stop() {
        server.close();
        node.close();
        http.close();
    }

    @Test
    void costsLittleOverElasticsearchItself() throws Exception {
        var random = new Random(SEED);
        for (var i = 0; i < WARM_UP; i++) {
            round(i, random);
        }
        rates(WARM_UP_SLICES);
        var times = new long[ways.size() + 1][ROUNDS];
        for (var i = 0; i < ROUNDS; i++) {
            var round = round(i, random);
            for (var way = 0; way < round.length; way++) {
                times[way][i] = round[way];
            }
        }
        for (var way : times) {
            Arrays.sort(way);
        }
        for (var way = 0; way < times.length; way++) {
            System.out.printf(
                    "latency ms, %s: p50 %.2f p99 %.2f%n",
                    NAMES.get(way), millis(times[way], 50), millis(times[way], 99));
        }
        var together = rates(SLICES);
        print("all on the same cores", together);
        pin(node.pid(), 0);
        pin(server.pid(), 1);
        pin(ProcessHandle.current().pid(), 1);
        rates(ways.size());
        var apart = rates(SLICES);
        print("Elasticsearch on one core, the rest on another", apart);
        for (var way : new int[] {DIRECT, OWN}) {
            assertThat(millis(times[SERVED], 50) - millis(times[way], 50)).isLessThan(0.5);
            assertThat(millis(times[SERVED], 99) - millis(times[way], 99)).isLessThan(2);
        }
        assertThat(apart[SERVED].perSecond() / apart[DIRECT].perSecond()).isGreaterThan(0.9);
        assertThat(together[SERVED].perSecond() / together[DIRECT].perSecond()).isGreaterThan(0.9);
    }

    /** @param nodeMillis processor time of Elasticsearch for a search */
    private record Rate(double perSecond, double nodeMillis) {}

    private static void print(String where, Rate[] rates) {
        System.out.printf("%d callers, %s%n", CALLERS, where);
        for (var way = 0; way < rates.length; way++) {
            System.out.printf(
                    "  %s: %.0f searches a second, %.3f of direct; Elasticsearch's processor time %.2f ms each%n",
                    NAMES.get(way),
                    rates[way].perSecond(),
                    rates[way].perSecond() / rates[DIRECT].perSecond(),
                    rates[way].nodeMillis());
        }
    }

    /** Keeps all threads that a process has on one core. */
    private static void pin(long pid, int core) throws Exception {
        var process = new ProcessBuilder(
                        "taskset", "--all-tasks", "--pid", "--cpu-list", String.valueOf(core), String.valueOf(pid))
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    /** Nanoseconds of each way, and of a refusal. */
    private long[] round(int i, Random random) throws Exception {
        var nanos = new long[ways.size() + 1];
        var order = new ArrayList<>(List.of(0, 1, 2));
        Collections.shuffle(order, random);
        for (var way : order) {
            var begin = System.nanoTime();
            for (var request : ways.get(way).get(i % QUERIES)) {
                send(request, OK);
            }
            nanos[way] = System.nanoTime() - begin;
        }
        var begin = System.nanoTime();
        send(refused.get(i % QUERIES), NOT_FOUND);
        nanos[ways.size()] = System.nanoTime() - begin;
        return nanos;
    }

    /** Of each way, from slices of time that take turns. */
    private Rate[] rates(int slices) throws Exception {
        var searches = new long[ways.size()];
        var processor = new Duration[ways.size()];
        Arrays.fill(processor, Duration.ZERO);
        for (var slice = 0; slice < slices; slice++) {
            var way = slice % ways.size();
            var before = processorTime(node.pid());
            searches[way] += slice(ways.get(way));
            processor[way] = processor[way].plus(processorTime(node.pid())).minus(before);
        }
        var seconds = slices / ways.size() * SLICE_NANOS / 1e9;
        var rates = new Rate[ways.size()];
        for (var way = 0; way < rates.length; way++) {
            rates[way] = new Rate(searches[way] / seconds, processor[way].toNanos() / 1e6 / searches[way]);
        }
        return rates;
    }

    private static Duration processorTime(long pid) {
        return ProcessHandle.of(pid).orElseThrow().info().totalCpuDuration().orElseThrow();
    }

    private long slice(List<List<HttpRequest>> searches) throws Exception {
        var end = System.nanoTime() + SLICE_NANOS;
        var next = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(CALLERS)) {
            var callers = new ArrayList<java.util.concurrent.Callable<Long>>();
            for (var i = 0; i < CALLERS; i++) {
                callers.add(() -> {
                    var done = 0L;
                    while (System.nanoTime() < end) {
                        for (var request : searches.get(next.getAndIncrement() % QUERIES)) {
                            send(request, OK);
                        }
                        done++;
                    }
                    return done;
                });
            }
            var sum = 0L;
            for (var caller : threads.invokeAll(callers)) {
                sum += caller.get();
            }
            return sum;
        }
    }

    private byte[] send(HttpRequest request, int status) throws IOException, InterruptedException {
        var response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != status) {
            throw new IllegalStateException(new String(response.body(), StandardCharsets.UTF_8));
        }
        return response.body();
    }

    private static byte[] body(String query, float[] vector) {
        ObjectNode body = ManifestJson.mapper().createObjectNode();
        body.put("query", query).put("k", 10);
        var values = body.putArray("vector");
        for (var value : vector) {
            values.add(value);
        }
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static HttpRequest post(URI url, String type, byte[] body) {
        return HttpRequest.newBuilder(url)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private static double millis(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
    }
}
