package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.Chunking;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.SourceManifest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Runs whose documents several pods divide among them, on a real cluster: the index is what one pod would make. */
@Execution(ExecutionMode.CONCURRENT)
class DividedRunsIT {
    private static final String CORPUS = "handbook";
    private static final int DOCUMENTS = 30;
    private static final int MANY = 600;
    private static final int PODS = 3;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String DIVIDED = "ingestion: {parallelism: %d}".formatted(PODS);

    private final Cluster cluster = Cluster.shared();
    private final String namespace = cluster.namespace("divided");
    private VolumePlace place;

    @TempDir
    private Path folder;

    @BeforeEach
    void write() {
        place = new VolumePlace(cluster, namespace, folder);
        for (var i = 0; i < DOCUMENTS; i++) {
            place.write(
                    "guide-%02d.md".formatted(i),
                    "---\nyear: %1$d\ntags: [odd, guide%1$d]\n---\n# Guide %1$d\n\nWords of guide %1$d.\n"
                            .formatted(i));
        }
    }

    @AfterEach
    void delete() {
        cluster.kubectl().run("delete", "corpus", CORPUS, "-n", namespace, "--timeout=60s");
        place.close();
    }

    @Test
    void dividesBuildsAndNewSourcesAndNothingElse() {
        cluster.apply(Manifests.corpus(namespace, CORPUS, place.declaration(), DIVIDED));
        cluster.awaitReady("corpus", namespace, CORPUS);
        var build = run("Build");
        assertThat(build.path("documents").path("added").asInt()).isEqualTo(DOCUMENTS);
        assertThat(build.path("documents").path("unchanged").asInt()).isZero();
        assertThat(build.path("chunks").path("embedded").asInt()).isPositive();
        assertThat(preparations()).containsExactly("%d of %d pods".formatted(PODS, PODS));
        isWhatOnePodWouldMake();

        cluster.apply(Manifests.ingestionRun(namespace, "sync-now", CORPUS));
        cluster.awaitReady("ingestionrun", namespace, "sync-now");
        assertThat(preparations())
                .as("a run that follows the sources is not divided")
                .hasSize(1);

        place.write("late.md", "# Late\n\nWords.\n");
        cluster.apply(Manifests.corpus(
                namespace, CORPUS, place.declaration() + "\nuriTemplate: \"https://docs/{path}\"", DIVIDED));
        Cluster.await(
                LIMIT,
                "the sources as they are declared now are divided",
                () -> preparations().size() == 2,
                this::told);
        Cluster.await(
                LIMIT,
                "they are indexed",
                () -> cluster.indexed(namespace, CORPUS).documents().size() == DOCUMENTS + 1,
                this::told);
    }

    @Test
    void startsAPodThatIsKilledAgainAloneAndEndsAsIfNoneHadBeen() {
        for (var i = DOCUMENTS; i < MANY; i++) {
            place.write("guide-%03d.md".formatted(i), "# Guide %d\n\n%s\n".formatted(i, sentences(i)));
        }
        cluster.apply(Manifests.corpus(namespace, CORPUS, place.declaration(), DIVIDED));
        Cluster.await(LIMIT, "shard 1 has written a part of its documents", () -> isHalfDone(1), this::told);
        var killed = process(podsOf(1).getFirst());
        assertThat(killed.destroyForcibly()).isTrue();
        killed.onExit().join();
        assertThat(isHalfDone(1)).as("it was killed before its end").isTrue();

        cluster.awaitReady("corpus", namespace, CORPUS);
        assertThat(podsOf(0)).hasSize(1);
        assertThat(podsOf(1))
                .extracting(pod -> pod.path("status").path("phase").asText())
                .as("the killed one and the one in its place")
                .containsExactlyInAnyOrder("Failed", "Succeeded");
        assertThat(podsOf(2)).hasSize(1);
        assertThat(preparations()).containsExactly("%d of %d pods".formatted(PODS, PODS));
        assertThat(run("Build").path("documents").path("listed").asInt()).isEqualTo(MANY);
        isWhatOnePodWouldMake();
    }

    private void isWhatOnePodWouldMake() {
        assertThat(cluster.indexedWithEverything(namespace, CORPUS))
                .isEqualTo(freshBuild().nextWithEverything());
    }

    private static String sentences(int guide) {
        return IntStream.range(0, 6)
                .mapToObj(i -> "Sentence %d of guide %d says something that no other guide says.".formatted(i, guide))
                .collect(Collectors.joining(" "));
    }

    private boolean isHalfDone(int shard) {
        var id = RunReport.id(RunReport.ofShard(CORPUS + "-1", shard));
        var report = new Elasticsearch(cluster.local().elasticsearchUrl())
                .send(
                        "POST",
                        "/_mget",
                        "{\"docs\": [{\"_index\": \"%s\", \"_id\": \"%s\"}]}"
                                .formatted(new IndexNames("cc", namespace, CORPUS).ledger(), id))
                .path("docs")
                .path(0)
                .path("_source");
        return report.path("phase").asText().equals("Indexing")
                && report.path("counts").path("added").asInt() > 0
                && report.path("counts").path("pending").asInt() > 0;
    }

    private List<JsonNode> podsOf(int shard) {
        return cluster.list("pod", namespace).stream()
                .filter(pod -> pod.path("metadata")
                        .path("labels")
                        .path("batch.kubernetes.io/job-completion-index")
                        .asText("-1")
                        .equals(String.valueOf(shard)))
                .toList();
    }

    private static ProcessHandle process(JsonNode pod) {
        var uid = pod.path("metadata").path("uid").asText();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .filter(process -> process.info().commandLine().orElse("").contains(uid))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process of the pod runs"));
    }

    private JsonNode run(String mode) {
        return cluster.list("ingestionrun", namespace).stream()
                .filter(run -> run.path("spec").path("mode").asText().equals(mode))
                .map(run -> run.path("status"))
                .findFirst()
                .orElseThrow();
    }

    /** How many pods of each Job that prepared a run have done their shards. */
    private List<String> preparations() {
        return cluster.list("job", namespace).stream()
                .filter(job -> job.path("metadata").path("name").asText().endsWith("-shards"))
                .map(job -> "%d of %d pods"
                        .formatted(
                                job.path("status").path("succeeded").asInt(),
                                job.path("spec").path("completions").asInt()))
                .toList();
    }

    private FreshBuild freshBuild() {
        return new FreshBuild(
                cluster.local().elasticsearchUrl(),
                new IndexNames("fresh", namespace, CORPUS),
                new SourceManifest("site", place.location(), List.of(), List.of(), null, null),
                new Chunking.ByHeadings(256, 32, "{title} > {headings}"),
                BundledModel.ALL_MINILM_L6_V2_Q.manifest(),
                place.mounts(),
                folder.resolve("fresh"));
    }

    private String told() {
        return cluster.kubectl().run("get", "corpora,ingestionruns,jobs,pods", "-n", namespace, "-o", "yaml");
    }
}
