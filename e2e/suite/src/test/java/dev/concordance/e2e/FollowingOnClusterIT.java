package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.localcluster.servers.GitServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A corpus that has to be fresher than Jobs can keep it, on a real cluster: one pod follows its source, whatever happens to it. */
@Execution(ExecutionMode.CONCURRENT)
final class FollowingOnClusterIT {
    private static final String CORPUS = "handbook";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String QUESTION = "what is said of the harbour";

    private final Cluster cluster = Cluster.shared();
    private final String namespace = cluster.namespace("followed");
    private DocumentRepository repository;
    private GitServer git;

    @TempDir
    private Path folder;

    @BeforeEach
    void index() {
        repository = DocumentRepository.create(folder);
        repository.write("town.md", "# Town\n\nThe town has a harbour.\n");
        repository.commit("A page");
        git = GitServer.start(0, folder, CORPUS, null);
        declare("Auto", "5s");
        cluster.apply(Manifests.queryServer(namespace, "search"));
        cluster.awaitReady("corpus", namespace, CORPUS);
        cluster.awaitReady("queryserver", namespace, "search");
    }

    @AfterEach
    void close() {
        cluster.kubectl().run("delete", "erasures", "--all", "-n", namespace, "--timeout=60s");
        cluster.kubectl().run("delete", "corpus", CORPUS, "-n", namespace, "--timeout=60s");
        git.close();
    }

    @Test
    void followsWhatChangesThroughLostPodsAndErasuresUntilJobsAreDeclared() {
        await("the source is followed", () -> phases().contains("Following"));
        await(
                "answers are fresh",
                () -> corpus("{.status.conditions[?(@.type==\"Fresh\")].status}")
                        .equals("True"));
        commit("late.md", "# Late\n\nThe harbour is new.\n");
        await("a commit is found", () -> found().contains("late.md"));

        cluster.kubectl().run("delete", "pods", "-n", namespace, "-l", follower(), "--grace-period=0", "--force");
        commit("later.md", "# Later\n\nThe harbour is older.\n");
        await("a commit is found by the next pod", () -> found().contains("later.md"));
        repository.remove("later.md");
        repository.commit("Not so");
        await("what was deleted is not", () -> !found().contains("later.md"));

        cluster.apply("""
                apiVersion: concordance.dev/v1alpha1
                kind: Erasure
                metadata: {name: request-7, namespace: %s}
                spec:
                  corpusRef: {name: %s}
                  documents: [{id: late.md}]
                """.formatted(namespace, CORPUS));
        cluster.awaitReady("erasure", namespace, "request-7");
        await("the source is followed again", () -> phases().contains("Following"));
        commit("late.md", "# Late\n\nThe harbour is brand new.\n");
        commit("last.md", "# Last\n\nThe harbour is lit.\n");
        await("what comes after is found", () -> found().contains("last.md"));
        assertThat(found()).doesNotContain("late.md");
        cluster.kubectl().run("delete", "erasure", "request-7", "-n", namespace, "--timeout=60s");
        await("what was erased is back, since its source has it", () -> found().contains("late.md"));
        assertThat(jobs()).as("no Job but the one that built").containsExactly(CORPUS + "-1-ingest");

        declare("Jobs", "10s");
        await(
                "nobody follows any more",
                () -> cluster.kubectl()
                        .run("get", "deployments,pods", "-n", namespace, "-l", follower(), "-o", "name")
                        .lines()
                        .noneMatch(name -> name.startsWith("deployment")));
        commit("end.md", "# End\n\nThe harbour is closed.\n");
        await("a Job keeps answers fresh", () -> found().contains("end.md"));
    }

    private void declare(String mode, String maxStaleness) {
        cluster.apply(Manifests.gitCorpus(namespace, CORPUS, git.url(), """
                freshness: {maxStaleness: %2$s}
                ingestion: {mode: %1$s}
                """.formatted(mode, maxStaleness)));
    }

    private void commit(String path, String text) {
        repository.write(path, text);
        repository.commit("Write " + path);
    }

    private static String follower() {
        return "app.kubernetes.io/component=ingestion";
    }

    private List<String> phases() {
        return cluster.list("ingestionrun", namespace).stream()
                .map(run -> run.path("status").path("phase").asText())
                .toList();
    }

    private List<String> jobs() {
        return cluster.list("job", namespace).stream()
                .map(job -> job.path("metadata").path("name").asText())
                .toList();
    }

    private List<String> found() {
        return new SearchClient(cluster.local().gatewayUrl(), namespace, CORPUS)
                .search(QUESTION)
                .documents();
    }

    private String corpus(String path) {
        return cluster.kubectl().run("get", "corpus", CORPUS, "-n", namespace, "-o", "jsonpath=" + path);
    }

    private void await(String what, BooleanSupplier condition) {
        Cluster.await(
                LIMIT,
                what,
                condition,
                () -> cluster.kubectl()
                        .run("describe", "erasures,corpora,ingestionruns,deployments,pods", "-n", namespace));
    }
}
