package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.localcluster.servers.ElasticsearchCall;
import dev.concordance.localcluster.servers.GitServer;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.manifest.Tracer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** An operator with nothing to do writes nothing, to Kubernetes or to Elasticsearch. */
@Isolated
class QuietOperatorIT {
    private static final String CORPUS = "handbook";
    private static final Duration IDLE = Duration.parse(System.getProperty("concordance.idle", "PT45S"));
    private static final Duration LOOK = Duration.ofSeconds(1);

    @TempDir
    private static Path folder;

    private static Cluster cluster;
    private static RecordingProxy elasticsearch;
    private static DocumentRepository repository;
    private static GitServer git;
    private static String namespace;
    private static AuditLog audit;

    private long since;

    @BeforeAll
    static void settle() {
        cluster = Cluster.shared();
        audit = new AuditLog(cluster.local().controlPlane().auditLog());
        elasticsearch = RecordingProxy.start(cluster.local().elasticsearchUrl());
        repository = DocumentRepository.create(folder)
                .write("one.md", "# One\n\nThe first page.\n")
                .write("two.md", "# Two\n\nThe second page.\n");
        repository.commit("Two pages");
        git = GitServer.start(0, folder, CORPUS, null);
        namespace = cluster.namespace("quiet", elasticsearch.url());
        cluster.apply(Manifests.gitCorpus(namespace, CORPUS, git.url(), "freshness: {maxStaleness: 6h}"));
        cluster.apply(Manifests.queryServer(namespace, "search"));
        cluster.awaitReady("corpus", namespace, CORPUS);
        cluster.awaitReady("queryserver", namespace, "search");
    }

    @AfterAll
    static void leave() {
        cluster.kubectl().run("delete", "corpus", CORPUS, "-n", namespace, "--timeout=60s");
        git.close();
        repository.close();
        elasticsearch.close();
    }

    @BeforeEach
    void listen() {
        awaitQuiet();
        since = audit.position();
        elasticsearch.forget();
    }

    @Test
    void writesNothingWhileItIsIdle() {
        holds(IDLE);
    }

    @Test
    void writesNothingAfterItWasKilledAndStartedAgain() {
        var before = container().path("restartCount").asInt();

        assertThat(operatorProcess().destroyForcibly()).isTrue();

        Cluster.await(
                Duration.ofMinutes(2),
                "the operator runs again",
                () -> container().path("restartCount").asInt() > before
                        && container().path("ready").asBoolean(),
                () -> cluster.kubectl().run("describe", "pods", "-n", "concordance-system"));
        Cluster.await(
                Duration.ofMinutes(1),
                "the new process has looked at Elasticsearch",
                () -> elasticsearch.count(call -> call.path().contains(namespace)) > 0,
                () -> "");
        holds(Duration.ofSeconds(15));
    }

    @Test
    void embedsNothingAndWritesTheTracerAloneInARunThatFindsNothingChanged() {
        cluster.apply("""
                apiVersion: concordance.dev/v1alpha1
                kind: IngestionRun
                metadata: {name: again, namespace: %s}
                spec: {corpusRef: {name: %s}}
                """.formatted(namespace, CORPUS));

        cluster.awaitReady("ingestionrun", namespace, "again");

        var status = cluster.get("ingestionrun", namespace, "again").path("status");
        assertThat(status.path("documents").path("unchanged").asLong()).isEqualTo(2);
        assertThat(status.path("chunks").path("embedded").asLong()).isZero();
        assertThat(elasticsearch.writes().stream()
                        .filter(write -> !write.index().endsWith("-ledger"))
                        .map(ElasticsearchCall.Write::id))
                .containsExactly(Tracer.KEY);
    }

    private void holds(Duration time) {
        var deadline = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < deadline) {
            assertThat(audit.operatorWrites(since)).isEmpty();
            assertThat(elasticsearch.writes()).isEmpty();
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }

    /** No write for a while: what a test before this one has set going is over. */
    private static void awaitQuiet() {
        var last = new long[] {System.nanoTime(), audit.position()};
        Cluster.await(
                Duration.ofMinutes(2),
                "the operator is quiet",
                () -> {
                    if (!audit.operatorWrites(last[1]).isEmpty()) {
                        last[0] = System.nanoTime();
                        last[1] = audit.position();
                    }
                    return System.nanoTime() - last[0] > Duration.ofSeconds(5).toNanos();
                },
                () -> audit.operatorWrites(last[1]).toString());
    }

    private static JsonNode container() {
        return pod().path("status").path("containerStatuses").path(0);
    }

    private static JsonNode pod() {
        return cluster.list("pod", "concordance-system").getFirst();
    }

    /** A pod's process has the pod's own folder in its arguments. */
    private static ProcessHandle operatorProcess() {
        var uid = pod().path("metadata").path("uid").asText();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .filter(process -> process.info().commandLine().orElse("").contains(uid))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process of the operator runs"));
    }
}
