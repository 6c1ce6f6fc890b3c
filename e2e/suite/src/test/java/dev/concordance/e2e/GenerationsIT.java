package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.localcluster.servers.GitServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A change is planned, approved, done and taken back, while somebody searches. */
@Execution(ExecutionMode.CONCURRENT)
final class GenerationsIT {
    private static final String CORPUS = "handbook";
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int PAGES = 30;

    private final Cluster cluster = Cluster.shared();
    private final String namespace = cluster.namespace("generations");
    private final SearchClient client = new SearchClient(cluster.local().gatewayUrl(), namespace, CORPUS);

    @TempDir
    private Path folder;

    private DocumentRepository repository;
    private GitServer git;

    @BeforeEach
    void index() {
        repository = DocumentRepository.create(folder);
        for (var page = 0; page < PAGES; page++) {
            repository.write(
                    "page%d.md".formatted(page),
                    "# Page %d\n\nThe blue house number %d stands at the harbour.\n".formatted(page, page));
        }
        repository.commit("All pages");
        git = GitServer.start(0, folder, CORPUS, null);
        cluster.apply(Manifests.gitCorpus(
                namespace, CORPUS, git.url(), "freshness: {maxStaleness: 1d}\nrelease: {approval: Manual, soak: 0s}"));
        cluster.apply(Manifests.queryServer(namespace, "search"));
        cluster.awaitReady("corpus", namespace, CORPUS);
        cluster.awaitReady("queryserver", namespace, "search");
    }

    @AfterEach
    void close() {
        cluster.kubectl().run("delete", "corpus", CORPUS, "-n", namespace, "--ignore-not-found", "--timeout=60s");
        git.close();
        repository.close();
    }

    @Test
    void planApproveServeAndGoBack() throws Exception {
        var searching = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.submit(searches(searching));
            try {
                waitForApproval();
                approve();
                goBack();
                goForward();
            } finally {
                searching.set(false);
            }
            check(answers);
        }
    }

    private Callable<List<SearchClient.Answer>> searches(AtomicBoolean searching) {
        return () -> {
            var answers = new ArrayList<SearchClient.Answer>();
            while (searching.get()) {
                answers.add(client.search("who lives in the blue house"));
                Thread.sleep(100);
            }
            return answers;
        };
    }

    private static void check(Future<List<SearchClient.Answer>> searched) throws Exception {
        var answers = searched.get();
        assertThat(answers).isNotEmpty().allSatisfy(answer -> {
            assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
            assertThat(answer.documents()).isNotEmpty();
        });
        var generations = answers.stream()
                .map(answer -> answer.body().path("generation").asInt())
                .toList();
        System.out.printf("%d searches while generations changed, none failed%n", generations.size());
        assertThat(generations).contains(1, 2);
    }

    private void waitForApproval() {
        cluster.apply(Manifests.chunkingPolicy(namespace, "small", "{tokens: {maxTokens: 64, overlapTokens: 8}}"));
        patch("{\"spec\":{\"chunkingPolicyRef\":{\"name\":\"small\"}}}");
        await(
                "the plan waits",
                () -> corpus().at("/status/plan/waitsFor/0").asText().equals("Approval"));
        var plan = corpus().at("/status/plan");
        assertThat(plan.path("impact").asText()).isEqualTo("RECHUNK");
        assertThat(plan.at("/work/documents").asInt()).isEqualTo(PAGES);
        assertThat(plan.at("/work/duration").asText()).isNotEmpty();
        assertThat(plan.at("/work/disk").asText()).endsWith("Mi");
        assertThat(condition("Ready").path("reason").asText()).isEqualTo("ChangeWaitsForApproval");
        assertThat(indexes()).noneMatch(name -> name.contains("-g2"));
    }

    private void approve() {
        cluster.kubectl()
                .run(
                        "annotate",
                        "corpus",
                        CORPUS,
                        "-n",
                        namespace,
                        "concordance.dev/approve-plan="
                                + corpus().at("/status/plan/digest").asText());
        await("generation 2 serves", () -> serving() == 2);
        cluster.awaitReady("corpus", namespace, CORPUS);
        var change = corpus().at("/status/lastChange");
        System.out.println("planned " + change.path("planned") + ", took " + change.path("actual"));
        assertThat(change.path("generation").asInt()).isEqualTo(2);
        assertThat(change.at("/actual/documents").asInt()).isEqualTo(PAGES);
        assertThat(corpus().at("/status/plan").isMissingNode()).isTrue();
        assertThat(cluster.list("ingestionrun", namespace))
                .as("the run carries its plan")
                .anyMatch(run -> run.at("/spec/planned/documents").asInt() == PAGES);
    }

    private void goBack() {
        patch("{\"spec\":{\"index\":{\"rollbackTo\":1}}}");
        var begin = System.nanoTime();
        await("answers are from generation 1", () -> answering() == 1);
        System.out.printf(
                "%d ms from kubectl patch to answers from the former generation%n",
                Duration.ofNanos(System.nanoTime() - begin).toMillis());
        await(
                "that is told",
                () -> condition("RolledBack").path("status").asText().equals("True"));
        assertThat(condition("RolledBack").path("message").asText())
                .contains("Without rollbackTo generation 2, fresh as of ");
        assertThat(indexes()).anyMatch(name -> name.endsWith("-g2"));
    }

    private void goForward() {
        patch("{\"spec\":{\"index\":{\"rollbackTo\":null}}}");
        await("generation 2 serves again", () -> serving() == 2 && answering() == 2);
        assertThat(indexes()).noneMatch(name -> name.contains("-g3"));
    }

    @Test
    void tellsThatTheAliasWasMovedByHandAndGoesOnWhenItIsBack() {
        var elasticsearch = new Elasticsearch(cluster.local().elasticsearchUrl());
        cluster.apply(Manifests.chunkingPolicy(namespace, "small", "{tokens: {maxTokens: 64}}"));
        patch("{\"spec\":{\"chunkingPolicyRef\":{\"name\":\"small\"},\"release\":{\"approval\":\"Automatic\"}}}");
        await("generation 2 serves", () -> serving() == 2);
        elasticsearch.send("POST", "/_aliases", moved(2, 1));
        await("that is told", () -> condition("Ready").path("reason").asText().equals("AliasMoved"));
        assertThat(answering()).isEqualTo(1);
        elasticsearch.send("POST", "/_aliases", moved(1, 2));
        cluster.awaitReady("corpus", namespace, CORPUS);
        assertThat(answering()).isEqualTo(2);
    }

    private String moved(int from, int to) {
        return """
                {"actions": [{"remove": {"index": "%1$s-g%2$d", "alias": "%1$s"}},
                             {"add": {"index": "%1$s-g%3$d", "alias": "%1$s"}}]}
                """.formatted(alias(), from, to);
    }

    private String alias() {
        return "cc-" + namespace + "." + CORPUS;
    }

    private List<String> indexes() {
        return new Elasticsearch(cluster.local().elasticsearchUrl()).indexes(alias() + "-g*");
    }

    private int answering() {
        return client.search("who lives in the blue house")
                .body()
                .path("generation")
                .asInt();
    }

    private int serving() {
        return corpus().at("/status/serving/generation").asInt();
    }

    private JsonNode condition(String type) {
        return Cluster.condition(corpus(), type);
    }

    private JsonNode corpus() {
        return cluster.get("corpus", namespace, CORPUS);
    }

    private void patch(String patch) {
        cluster.kubectl().run("patch", "corpus", CORPUS, "-n", namespace, "--type=merge", "-p", patch);
    }

    private void await(String what, BooleanSupplier condition) {
        Cluster.await(
                LIMIT,
                what,
                condition,
                () -> cluster.kubectl().run("describe", "corpora,ingestionruns,pods", "-n", namespace));
    }
}
