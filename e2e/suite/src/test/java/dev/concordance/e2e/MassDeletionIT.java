package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.concordance.localcluster.servers.GitServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** Documents disappear in great numbers: nothing is lost before somebody approves it, and then exactly that. */
class MassDeletionIT {
    private static final String CORPUS = "handbook";
    private static final int PAGES = 40;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Cluster cluster = Cluster.shared();
    private final String namespace = cluster.namespace("guard");
    private DocumentRepository repository;
    private GitServer git;
    private int runs;

    @TempDir
    private Path folder;

    @BeforeEach
    void index() {
        repository = DocumentRepository.create(folder);
        write(0, PAGES);
        repository.commit("All pages");
        git = GitServer.start(0, folder, CORPUS, null);
        declare("");
        cluster.awaitReady("corpus", namespace, CORPUS);
    }

    @AfterEach
    void close() {
        cluster.kubectl().run("delete", "corpus", CORPUS, "-n", namespace, "--timeout=60s");
        git.close();
    }

    @Test
    @Execution(CONCURRENT)
    void losesNothingOfAnEmptiedRepository() {
        remove(0, PAGES);
        repository.commit("Nothing is left");

        cluster.apply(Manifests.ingestionRun(namespace, "emptied", CORPUS));

        Cluster.await(LIMIT, "SourceEmpty is told", () -> isTold("SourcesReadable", "SourceEmpty"), this::told);
        assertThat(indexed()).hasSize(PAGES);
    }

    @Test
    @Execution(CONCURRENT)
    void losesNothingOfAWebsiteThatIsAwayFromItsSecondPageOn() {
        try (var site = new Website()) {
            for (var page = 0; page < PAGES; page++) {
                site.write(path(page), "# Page %1$d\n\nThe words of page %1$d.\n".formatted(page));
            }
            cluster.apply(Manifests.corpus(
                    namespace,
                    CORPUS,
                    "web: {urls: [\"%s\"], delay: 10ms}".formatted(site.url()),
                    "freshness: {maxStaleness: 1d}"));
            Cluster.await(LIMIT, "it is indexed", () -> indexed().size() == PAGES + 1, this::told);
            cluster.awaitReady("corpus", namespace, CORPUS);
            site.answerOnly(2);

            cluster.apply(Manifests.ingestionRun(namespace, "away", CORPUS));

            Cluster.await(
                    LIMIT,
                    "SourceUnreachable is told",
                    () -> isTold("SourcesReadable", "SourceUnreachable"),
                    this::told);
            assertThat(indexed()).hasSize(PAGES + 1);
        }
    }

    @Test
    @Execution(CONCURRENT)
    void withholdsThemAndDeletesExactlyWhatIsApproved() {
        remove(0, 20);
        write(100, 101);
        repository.commit("Half of it is gone");
        sync();
        Cluster.await(LIMIT, "it is told", () -> isTold("DeletionsApplied", "TooManyDeletions"), this::told);
        assertThat(indexed()).as("all else is applied").hasSize(PAGES + 1);
        assertThat(corpus("{.status.withheldDeletions.documents} of {.status.withheldDeletions.of}"))
                .isEqualTo("20 of 40");
        var token = corpus("{.status.withheldDeletions.token}");

        write(0, 1);
        remove(20, 30);
        repository.commit("One is back, and more are gone");
        sync();
        assertThat(indexed()).hasSize(PAGES + 1);
        approve(token);

        Cluster.await(LIMIT, "what was approved is gone", () -> indexed().size() < PAGES, this::told);
        var expected = new TreeSet<String>();
        expected.add("site:p000.md");
        expected.add("site:p100.md");
        for (var page = 20; page < PAGES; page++) {
            expected.add(id(page));
        }
        assertThat(indexed()).as("and nothing that disappeared later").isEqualTo(expected);
        Cluster.await(
                LIMIT,
                "the rest is told",
                () -> corpus("{.status.withheldDeletions.documents}").equals("10"),
                this::told);
        assertThat(corpus("{.status.withheldDeletions.token}")).isNotEqualTo(token);
    }

    @Test
    @Execution(CONCURRENT)
    void replacesNoGenerationByOneThatLacksThem() {
        cluster.apply(Manifests.chunkingPolicy(namespace, "small", "{tokens: {maxTokens: 64}}"));
        remove(0, 20);
        repository.commit("Half of it is gone");
        declare("chunkingPolicyRef: {name: small}");

        Cluster.await(LIMIT, "it waits", () -> isTold("Ready", "WaitsForApproval"), this::told);
        assertThat(corpus("{.status.serving.generation}")).isEqualTo("1");
        assertThat(indexed()).hasSize(PAGES);
        approve(corpus("{.status.withheldDeletions.token}"));

        Cluster.await(
                LIMIT,
                "it is replaced",
                () -> corpus("{.status.serving.generation}").equals("2"),
                this::told);
        assertThat(indexed()).hasSize(PAGES - 20);
        cluster.awaitReady("corpus", namespace, CORPUS);
    }

    private void declare(String more) {
        cluster.apply(Manifests.gitCorpus(
                namespace,
                CORPUS,
                git.url(),
                "freshness: {maxStaleness: 1d}\ndeletionGuard: {maxDocuments: 5, maxPercent: 10}\n" + more));
    }

    private void write(int from, int to) {
        for (var page = from; page < to; page++) {
            repository.write(path(page), "# Page %d\n\nThe words of page %d.\n".formatted(page, page));
        }
    }

    private void remove(int from, int to) {
        for (var page = from; page < to; page++) {
            repository.remove(path(page));
        }
    }

    private static String path(int page) {
        return "p%03d.md".formatted(page);
    }

    private static String id(int page) {
        return "site:" + path(page);
    }

    private void sync() {
        var name = "sync-" + ++runs;
        cluster.apply(Manifests.ingestionRun(namespace, name, CORPUS));
        cluster.awaitReady("ingestionrun", namespace, name);
    }

    private void approve(String token) {
        cluster.kubectl()
                .run(
                        "annotate",
                        "--overwrite",
                        "corpus",
                        CORPUS,
                        "-n",
                        namespace,
                        "concordance.dev/approve-deletions=" + token);
    }

    private Set<String> indexed() {
        return new TreeSet<>(cluster.indexed(namespace, CORPUS).documents().keySet());
    }

    private boolean isTold(String condition, String reason) {
        return Cluster.condition(cluster.get("corpus", namespace, CORPUS), condition)
                .path("reason")
                .asText()
                .equals(reason);
    }

    private String corpus(String path) {
        return cluster.kubectl().run("get", "corpus", CORPUS, "-n", namespace, "-o", "jsonpath=" + path);
    }

    private String told() {
        return cluster.kubectl().run("describe", "corpora,ingestionruns,pods", "-n", namespace);
    }
}
