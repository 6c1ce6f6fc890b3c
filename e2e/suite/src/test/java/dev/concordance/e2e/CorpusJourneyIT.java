package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.localcluster.servers.GitServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a team sees of its corpus from the first manifest to its deletion. */
class CorpusJourneyIT {
    private static final Duration STALENESS = Duration.ofSeconds(60);
    private static final String CORPUS = "handbook";
    private static final int PAGES = 150;
    private static final int SECTIONS = 8;

    private final Cluster cluster = Cluster.shared();
    private final String namespace = cluster.namespace("journey");
    private final SearchClient client = new SearchClient(cluster.local().gatewayUrl(), namespace, CORPUS);

    @TempDir
    private Path folder;

    private DocumentRepository repository;
    private GitServer git;

    @BeforeEach
    void serveAHandbook() {
        repository = DocumentRepository.create(folder.resolve("handbook"))
                .write("billing.md", "# Billing\n\n## Invoices\n\nInvoices are sent on the first day of a month.\n")
                .write("travel.md", "# Travel\n\n## Trains\n\nTrains are preferred to flights below six hours.\n")
                .write("leave.md", "# Leave\n\n## Holidays\n\nEverybody takes thirty days of holidays in a year.\n");
        repository.commit("A handbook");
        git = GitServer.start(0, repository.folder(), CORPUS, null);
        cluster.apply(Manifests.gitCorpus(
                namespace, CORPUS, git.url(), "freshness: {maxStaleness: %ds}".formatted(STALENESS.toSeconds())));
        cluster.apply(Manifests.queryServer(namespace, "search"));
        cluster.awaitReady("corpus", namespace, CORPUS);
        cluster.awaitReady("queryserver", namespace, "search");
    }

    @AfterEach
    void stop() {
        cluster.kubectl().run("delete", "corpus", CORPUS, "-n", namespace, "--ignore-not-found", "--timeout=60s");
        git.close();
        repository.close();
    }

    @Test
    void findsACommittedChangeWithinItsStalenessAndEmbedsOnlyWhatChanged() {
        assertThat(client.search("when are invoices sent").documents()).first().isEqualTo("billing.md");
        var before = runs();

        repository
                .write("billing.md", "# Billing\n\n## Invoices\n\nInvoices are sent by carrier pigeon on Mondays.\n")
                .remove("leave.md")
                .commit("Pigeons, and no holidays");

        Cluster.await(
                STALENESS,
                "the change is found",
                () -> client.search("carrier pigeon").texts().stream().anyMatch(text -> text.contains("pigeon")),
                this::told);
        Cluster.await(
                STALENESS,
                "the run tells what it did",
                () -> total(runsAfter(before), "documents", "updated") == 1,
                this::told);
        assertThat(client.search("thirty days of holidays").documents()).doesNotContain("leave.md");
        assertThat(total(runsAfter(before), "documents", "deleted")).isEqualTo(1);
        assertThat(total(runsAfter(before), "chunks", "embedded")).isEqualTo(1);
    }

    @Test
    void buildsANewGenerationBesideTheLiveOneAndReusesItsVectors() throws Exception {
        var searching = new AtomicBoolean(true);
        Callable<List<Integer>> searches = () -> {
            var statuses = new ArrayList<Integer>();
            while (searching.get()) {
                var answer = client.search("when are invoices sent");
                statuses.add(answer.status() == 200 && answer.documents().isEmpty() ? 0 : answer.status());
            }
            return statuses;
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.submit(searches);
            cluster.apply(Manifests.chunkingPolicy(namespace, "smaller", "{headings: {maxTokens: 128}}"));
            cluster.kubectl()
                    .run(
                            "patch",
                            "corpus",
                            CORPUS,
                            "-n",
                            namespace,
                            "--type=merge",
                            "-p",
                            "{\"spec\":{\"chunkingPolicyRef\":{\"name\":\"smaller\"}}}");
            Cluster.await(
                    Duration.ofMinutes(2),
                    "generation 2 serves",
                    () -> corpus().path("status")
                                    .path("serving")
                                    .path("generation")
                                    .asInt()
                            == 2,
                    this::told);
            searching.set(false);
            assertThat(answers.get()).isNotEmpty().containsOnly(200);
        }
        cluster.awaitReady("corpus", namespace, CORPUS);
        assertThat(client.search("when are invoices sent")
                        .body()
                        .path("generation")
                        .asInt())
                .isEqualTo(2);
        var build = runs().stream()
                .filter(run -> run.path("status").path("generation").asInt() == 2)
                .findFirst()
                .orElseThrow();
        assertThat(number(build, "chunks", "reused")).isEqualTo(3);
        assertThat(number(build, "chunks", "embedded")).isZero();
    }

    /** The worker tells the ledger, and the operator tells the ledger's numbers. */
    @Test
    void tellsHowFarARunIsWhileItRuns() {
        for (var page = 0; page < PAGES; page++) {
            var text = new StringBuilder("# Page " + page + "\n\n");
            for (var section = 0; section < SECTIONS; section++) {
                text.append("## Section ").append(section).append("\n\n");
                text.append("Sentence %d of page %d says nothing much. "
                        .formatted(section, page)
                        .repeat(8));
                text.append("\n\n");
            }
            repository.write("pages/p%03d.md".formatted(page), text.toString());
        }
        // No other run is to index them first.
        cluster.kubectl()
                .run(
                        "patch",
                        "corpus",
                        CORPUS,
                        "-n",
                        namespace,
                        "--type=merge",
                        "-p",
                        "{\"spec\":{\"ingestion\":{\"suspend\":true}}}");
        repository.commit("Many pages");
        cluster.apply(Manifests.ingestionRun(namespace, "many", CORPUS));
        var ledger = new Elasticsearch(cluster.local().elasticsearchUrl());
        var report = "/cc-%s.%s-ledger/_mget".formatted(namespace, CORPUS);
        var reported = new TreeMap<Long, Long>();
        var told = new TreeMap<Long, Long>();
        Cluster.await(
                Duration.ofMinutes(3),
                "the run ends",
                () -> {
                    reported.putIfAbsent(
                            ledger.send("POST", report, "{\"ids\": [\"run-many\"]}")
                                    .path("docs")
                                    .path(0)
                                    .path("_source")
                                    .path("counts")
                                    .path("chunksWritten")
                                    .asLong(),
                            System.nanoTime());
                    var run = cluster.get("ingestionrun", namespace, "many");
                    told.putIfAbsent(number(run, "chunks", "written"), System.nanoTime());
                    return "Succeeded".equals(run.path("status").path("phase").asText());
                },
                this::told);
        var behind = Duration.ofNanos(reported.entrySet().stream()
                .mapToLong(one -> told.ceilingEntry(one.getKey()).getValue() - one.getValue())
                .max()
                .orElseThrow());
        System.out.printf(
                "progress told %s, at most %.1f s after the worker reported it%n",
                told.keySet(), behind.toMillis() / 1e3);
        assertThat(told.headMap(told.lastKey()).keySet())
                .as("chunks before the last were told")
                .anyMatch(chunks -> chunks > 0);
    }

    @Test
    void repairsWhatSomebodyElseHasWrittenToTheIndex() {
        var elasticsearch = new Elasticsearch(cluster.local().elasticsearchUrl());
        var index = "/cc-%s.%s-g1".formatted(namespace, CORPUS);
        var chunk = elasticsearch
                .send("POST", index + "/_search", "{\"query\": {\"term\": {\"documentId\": \"travel.md\"}}}")
                .at("/hits/hits/0");
        var target = "/_update/%s?refresh=true&routing=%s"
                .formatted(chunk.path("_id").asText(), chunk.path("_routing").asText());
        elasticsearch.send("POST", index + target, "{\"doc\": {\"text\": \"Zeppelins are preferred to trains.\"}}");
        assertThat(client.search("zeppelins").texts()).anyMatch(text -> text.contains("Zeppelins"));

        cluster.apply(Manifests.ingestionRun(namespace, "verify", CORPUS).replace("spec: {", "spec: {mode: Verify, "));

        Cluster.await(
                Duration.ofMinutes(1),
                "the run tells of the damage",
                () -> number(cluster.get("ingestionrun", namespace, "verify"), "drift", "damaged") == 1,
                this::told);
        Cluster.await(
                Duration.ofMinutes(1),
                "it is repaired",
                () -> client.search("zeppelins").texts().stream().noneMatch(text -> text.contains("Zeppelins")),
                this::told);
        assertThat(client.search("trains").documents()).first().isEqualTo("travel.md");
    }

    @Test
    void removesAllThatItHadWhenItIsDeleted() {
        assertThat(indexes()).isNotEmpty();

        cluster.kubectl().run("delete", "corpus", CORPUS, "-n", namespace, "--timeout=60s");

        assertThat(indexes()).isEmpty();
        Cluster.await(
                Duration.ofSeconds(30),
                "the query server forgets the corpus",
                () -> client.search("invoices").status() == 404,
                this::told);
        Cluster.await(
                Duration.ofSeconds(30),
                "runs and jobs are gone",
                () -> runs().isEmpty() && cluster.list("job", namespace).isEmpty(),
                this::told);
    }

    private JsonNode corpus() {
        return cluster.get("corpus", namespace, CORPUS);
    }

    private List<JsonNode> runs() {
        return cluster.list("ingestionrun", namespace);
    }

    private List<JsonNode> runsAfter(List<JsonNode> before) {
        return runs().stream().filter(run -> !names(before).contains(name(run))).toList();
    }

    private List<String> indexes() {
        return new Elasticsearch(cluster.local().elasticsearchUrl()).indexes("cc-" + namespace + ".*");
    }

    private String told() {
        return cluster.kubectl().run("describe", "corpora,ingestionruns,pods", "-n", namespace);
    }

    private static List<String> names(List<JsonNode> objects) {
        return objects.stream().map(CorpusJourneyIT::name).toList();
    }

    private static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }

    private static long total(List<JsonNode> runs, String group, String count) {
        return runs.stream().mapToLong(run -> number(run, group, count)).sum();
    }

    private static long number(JsonNode run, String group, String count) {
        return run.path("status").path(group).path(count).asLong();
    }
}
