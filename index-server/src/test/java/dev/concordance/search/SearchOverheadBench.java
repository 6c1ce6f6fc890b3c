package dev.concordance.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.embedding.ModelFiles;
import dev.concordance.embedding.OnnxEmbedder;
import dev.concordance.embedding.Role;
import dev.concordance.localcluster.servers.ElasticsearchProcess;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable;
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
import java.util.ArrayList;
import java.util.Arrays;
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
 * server and once as the very multi-search that the server sends; in pairs, in random order, on kept connections. After each
 * pair the server is asked for a corpus that it doesn't have: what any server between the two would cost. The searches are
 * SciFact's where its folder is given, else made up. Throughput is measured where all share the cores, and where Elasticsearch
 * has one for itself, as a query server is a machine's or a pod's own. See docs/benchmarks.md.
 */
class SearchOverheadBench {
    private static final long SEED = 7;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int CHUNKS = 10_000;
    private static final int QUERIES = 200;
    private static final int WARM_UP = 8_000;
    private static final int WARM_UP_SLICES = 20;
    private static final int PAIRS = 3_000;
    private static final int CALLERS = 4;
    private static final int SLICES = 10;
    private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<HttpRequest> direct = new ArrayList<>();
    private final List<HttpRequest> served = new ArrayList<>();
    private final List<HttpRequest> refused = new ArrayList<>();
    private ElasticsearchProcess node;
    private ServerProcess server;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        node = ElasticsearchProcess.start(ElasticsearchProcess.Options.forMeasurement(folder.resolve("node")));
        var searches = RealCorpora.folder("scifact").isEmpty() ? madeUp() : real(folder);
        var route = searches.route();
        server = ServerProcess.start(folder, Guides.anonymous(Guides.limits(), route), List.of());
        for (var body : searches.bodies()) {
            var parsed = RequestParser.parse(body, route, Guides.limits());
            direct.add(post(
                    URI.create(node.url() + "/_msearch"),
                    "application/x-ndjson",
                    new QueryWriter(route.alias(), parsed).write(parsed.vector())));
            served.add(post(path(route.namespace(), route.corpus()), "application/json", body));
            refused.add(post(path(route.namespace(), "none"), "application/json", body));
        }
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
            pair(i, random.nextBoolean(), new long[3]);
        }
        rates(WARM_UP_SLICES);
        var times = new long[3][PAIRS];
        for (var i = 0; i < PAIRS; i++) {
            var pair = new long[3];
            pair(i, random.nextBoolean(), pair);
            times[0][i] = pair[0];
            times[1][i] = pair[1];
            times[2][i] = pair[2];
        }
        Arrays.sort(times[0]);
        Arrays.sort(times[1]);
        Arrays.sort(times[2]);
        var median = (percentile(times[1], 50) - percentile(times[0], 50)) / 1e6;
        var tail = (percentile(times[1], 99) - percentile(times[0], 99)) / 1e6;
        System.out.printf(
                "latency ms: direct p50 %.2f p99 %.2f, served p50 %.2f p99 %.2f, difference p50 %.2f p99 %.2f; refused p50 %.2f%n",
                percentile(times[0], 50) / 1e6,
                percentile(times[0], 99) / 1e6,
                percentile(times[1], 50) / 1e6,
                percentile(times[1], 99) / 1e6,
                median,
                tail,
                percentile(times[2], 50) / 1e6);
        var together = rates(SLICES);
        print("all on the same cores", together);
        pin(node.pid(), 0);
        pin(server.pid(), 1);
        pin(ProcessHandle.current().pid(), 1);
        rates(2);
        var apart = rates(SLICES);
        print("Elasticsearch on one core, the rest on another", apart);
        assertThat(median).isLessThan(0.5);
        assertThat(tail).isLessThan(2);
        assertThat(apart[1] / apart[0]).isGreaterThan(0.9);
        assertThat(together[1] / together[0]).isGreaterThan(0.9);
    }

    private static void print(String where, double[] rates) {
        System.out.printf(
                "throughput a second, %d callers, %s: direct %.0f, served %.0f, ratio %.3f%n",
                CALLERS, where, rates[0], rates[1], rates[1] / rates[0]);
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

    private void pair(int i, boolean servedFirst, long[] nanos) throws Exception {
        for (var way : servedFirst ? new int[] {1, 0} : new int[] {0, 1}) {
            var begin = System.nanoTime();
            send((way == 0 ? direct : served).get(i % QUERIES), OK);
            nanos[way] = System.nanoTime() - begin;
        }
        var begin = System.nanoTime();
        send(refused.get(i % QUERIES), NOT_FOUND);
        nanos[2] = System.nanoTime() - begin;
    }

    /** Searches a second of each way, from slices of time that take turns. */
    private double[] rates(int slices) throws Exception {
        var done = new long[2];
        for (var slice = 0; slice < slices; slice++) {
            var way = slice % 2;
            done[way] += slice(way == 0 ? direct : served);
        }
        var seconds = slices / 2 * SLICE_NANOS / 1e9;
        return new double[] {done[0] / seconds, done[1] / seconds};
    }

    private long slice(List<HttpRequest> requests) throws Exception {
        var end = System.nanoTime() + SLICE_NANOS;
        var next = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(CALLERS)) {
            var callers = new ArrayList<java.util.concurrent.Callable<Long>>();
            for (var i = 0; i < CALLERS; i++) {
                callers.add(() -> {
                    var done = 0L;
                    while (System.nanoTime() < end) {
                        send(requests.get(next.getAndIncrement() % QUERIES), OK);
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

    private void send(HttpRequest request, int status) throws Exception {
        var response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != status) {
            throw new IllegalStateException(new String(response.body(), StandardCharsets.UTF_8));
        }
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

    private static long percentile(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
