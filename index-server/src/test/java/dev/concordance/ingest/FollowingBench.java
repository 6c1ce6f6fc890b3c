package dev.concordance.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.localcluster.servers.ElasticsearchProcess;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.testing.Corpora;
import dev.concordance.testing.Guides;
import dev.concordance.testing.IngestProcess;
import dev.concordance.testing.NoModel;
import dev.concordance.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How soon a change is searchable that a follower sees, while another corpus is built on the same cores, and how far the freshness
 * that it tells is from what a probe finds. Started by hand, see docs/benchmarks.md.
 */
class FollowingBench {
    private static final int SECONDS = Integer.getInteger("concordance.bench.seconds", 120);
    private static final int CHANGES_A_SECOND = 10;
    private static final int DOCUMENTS = 300;
    private static final int OTHERS = 20_000;
    private static final int POD_MEGABYTES = 2_048;
    private static final Duration STALENESS = Duration.ofSeconds(2);
    private static final Duration APART = Duration.ofSeconds(1);
    private static final Pattern MARK = Pattern.compile("mark([0-9]+)end");
    private static final GenerationManifest MANIFEST = new GenerationManifest(
            1,
            GenerationManifest.PIPELINE,
            new Chunking.ByHeadings(256, 32, "{title} > {headings}"),
            BundledModel.BGE_SMALL_EN_V1_5_Q.manifest(),
            1,
            List.of());

    @TempDir
    private Path folder;

    private final Map<Integer, Instant> written = new ConcurrentSkipListMap<>();
    private final Map<Integer, Duration> delays = new ConcurrentSkipListMap<>();
    private final List<Duration> differences = new ArrayList<>();
    private final List<Duration> reports = new ArrayList<>();

    @Test
    void makesChangesSearchableWhileAnotherCorpusIsBuilt() throws Exception {
        try (var node =
                ElasticsearchProcess.start(ElasticsearchProcess.Options.forMeasurement(folder.resolve("node")))) {
            var guide = new Guides(node.url(), new NoModel(), folder, "followed");
            Files.createDirectories(folder.resolve("followed"));
            var followed = guide.corpus();
            var built = Corpora.in(Files.createDirectories(folder.resolve("b")), node.url(), new NoModel(), null);
            followed.create(MANIFEST);
            guide.point(1, 0);
            built.create(MANIFEST);
            for (var document = 0; document < DOCUMENTS; document++) {
                write(followed, document, "mark0end");
            }
            for (var document = 0; document < OTHERS; document++) {
                built.write("d%05d.md".formatted(document), text(document, "unmarked"));
            }
            var follow = Corpora.following(
                    followed.specification("follow", MANIFEST, List.of(), List.of(followed.source())), STALENESS);
            var build = Corpora.building(built.specification("build", MANIFEST, List.of(), List.of(built.source())));
            var routes = Guides.anonymous(Guides.limits(), guide.route(node.url(), MANIFEST.model()));
            try (var server = ServerProcess.startAsInItsImage(folder.resolve("server"), routes, List.of());
                    var follower = start(follow, followed);
                    var connection = followed.connection()) {
                until(() -> followed.ledger("generation-1").path("documents").asInt() == DOCUMENTS);
                try (var builder = start(build, built)) {
                    until(() -> built.ledger("run-build")
                                    .path("counts")
                                    .path("added")
                                    .asLong()
                            > 0);
                    measure(followed, connection, server);
                    assertThat(builder.isAlive()).as("it is still being built").isTrue();
                    assertThat(follower.isAlive()).isTrue();
                    System.out.println("built meanwhile: "
                            + built.ledger("run-build").path("counts").path("added") + " documents");
                }
            }
        }
        var sorted = delays.values().stream().sorted().toList();
        System.out.printf(
                "changes=%d searchable=%d p50=%d p95=%d p99=%d max=%d ms%n",
                written.size(),
                sorted.size(),
                quantile(sorted, 50),
                quantile(sorted, 95),
                quantile(sorted, 99),
                sorted.getLast().toMillis());
        print("the ledger's", differences);
        print("a search's", reports);
        assertThat(sorted).hasSameSizeAs(written.values());
        assertThat(quantile(sorted, 99)).isLessThanOrEqualTo(2_000);
        assertThat(differences).allMatch(apart -> apart.compareTo(APART) <= 0);
        assertThat(reports).allMatch(apart -> apart.compareTo(APART) <= 0);
    }

    private static void print(String whose, List<Duration> differences) {
        var sorted = differences.stream().sorted().toList();
        System.out.printf(
                "%s freshness and what is found are apart: looks=%d p50=%d p99=%d max=%d ms%n",
                whose,
                sorted.size(),
                quantile(sorted, 50),
                quantile(sorted, 99),
                sorted.getLast().toMillis());
    }

    private static long quantile(List<Duration> sorted, int percent) {
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100))
                .toMillis();
    }

    /** No document is changed again before it can be found. */
    private void measure(Corpora followed, ElasticsearchConnection connection, ServerProcess server) {
        var changes = SECONDS * CHANGES_A_SECOND;
        try (var writer = Executors.newSingleThreadScheduledExecutor()) {
            var next = new AtomicInteger();
            var task = writer.scheduleAtFixedRate(
                    () -> {
                        if (next.get() < changes) {
                            change(followed, next.incrementAndGet());
                        }
                    },
                    0,
                    1_000 / CHANGES_A_SECOND,
                    TimeUnit.MILLISECONDS);
            var deadline = System.nanoTime() + Duration.ofSeconds(SECONDS + 60).toNanos();
            while (delays.size() < changes) {
                look(followed, connection, server);
                assertThat(System.nanoTime()).as("all is searchable in time").isLessThan(deadline);
                LockSupport.parkNanos(20_000_000);
            }
            task.cancel(false);
        }
    }

    private void change(Corpora corpus, int mark) {
        try {
            write(corpus, mark % DOCUMENTS, "mark%dend".formatted(mark));
            written.put(mark, Instant.now());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void look(Corpora followed, ElasticsearchConnection connection, ServerProcess server) {
        var answer = server.search("followed", "{\"query\": \"nothing\", \"k\": 1, \"mode\": \"lexical\"}");
        var reported =
                new Freshness(Instant.parse(answer.body().path("freshAsOf").asText()), Instant.now());
        var told = new Freshness(
                Instant.parse(followed.ledger("generation-1").path("freshAsOf").asText()), Instant.now());
        var before = new TreeMap<>(written);
        var seen = find(followed, connection);
        var missing = before.entrySet().stream()
                .filter(change -> !delays.containsKey(change.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
        missing.ifPresent(oldest -> assertThat(List.of(told, reported))
                .as("nothing is missing that is told to be there")
                .allSatisfy(freshness -> assertThat(freshness.asOf()).isBefore(oldest)));
        if (!before.isEmpty()) {
            // Of what is not missing nobody knows since when it could have been: the probe vouches for its last change.
            var found = new Freshness(missing.orElse(before.lastEntry().getValue()), seen);
            differences.add(told.olderThan(found));
            reports.add(reported.olderThan(found));
        }
    }

    /**
     * What is said of answers.
     *
     * @param at when it was said
     */
    private record Freshness(Instant asOf, Instant at) {
        Duration age() {
            return Duration.between(asOf, at);
        }

        /** That more is told than is found fails at once; if all is found, freshness that is later than the last change is right. */
        Duration olderThan(Freshness found) {
            return asOf.isBefore(found.asOf()) ? age().minus(found.age()) : Duration.ZERO;
        }
    }

    /** Notes what can be found, and gives when. */
    private Instant find(Corpora followed, ElasticsearchConnection connection) {
        var body = ManifestJson.mapper().createObjectNode().put("size", DOCUMENTS * 2);
        body.putArray("_source").add("text");
        body.putObject("query").putObject("match_all");
        var path = "/" + followed.names().generation(1) + "/_search";
        var hits = connection
                .send("POST", path, body.toString().getBytes(StandardCharsets.UTF_8))
                .json()
                .path("hits")
                .path("hits");
        var now = Instant.now();
        hits.forEach(hit -> note(hit.path("_source").path("text").asText(), now));
        return now;
    }

    private void note(String text, Instant now) {
        var found = MARK.matcher(text);
        while (found.find()) {
            var mark = Integer.parseInt(found.group(1));
            if (written.containsKey(mark)) {
                delays.putIfAbsent(mark, Duration.between(written.get(mark), now));
            }
        }
    }

    private static void write(Corpora corpus, int document, String mark) throws IOException {
        var part = corpus.mount().resolveSibling("part");
        Files.writeString(part, text(document, mark));
        Files.move(
                part,
                corpus.mount().resolve("d%03d.md".formatted(document)),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static String text(int document, String mark) {
        return "# Title %d\n\nSome words on the subject of number %d, which is %s.\n\n%s\n"
                .formatted(document, document * 7, mark, "A sentence that says nothing new. ".repeat(8));
    }

    private static IngestProcess start(RunSpecification specification, Corpora corpus) throws IOException {
        return IngestProcess.startAsInPod(
                specification, corpus.workspace(), List.of("data=" + corpus.mount()), POD_MEGABYTES);
    }

    private static void until(BooleanSupplier condition) {
        var deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
