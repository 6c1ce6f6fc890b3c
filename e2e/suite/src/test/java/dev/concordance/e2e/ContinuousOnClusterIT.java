package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.localcluster.servers.QueueProcess;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that tell of their changes, on a real cluster: a bucket by the events in a queue, an inbox by what is pushed to it. */
final class ContinuousOnClusterIT {
    private static final String CORPUS = "handbook";
    private static final String QUEUE = "handbook-events";
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String QUESTION = "what is said of the harbour";

    private final Cluster cluster = Cluster.shared();
    private final String namespace = cluster.namespace("continuous");

    @TempDir
    private Path folder;

    @BeforeEach
    void serve() {
        cluster.apply(Manifests.queryServer(namespace, "search"));
    }

    @Test
    void listsABucketWhenAnEventComesLongBeforeItWouldBeAsked() throws Exception {
        try (var queues = QueueProcess.start(folder.resolve("queues"), 0);
                var place = new BucketPlace(cluster, namespace, folder)) {
            ask(queues.url(), Map.of("Action", "CreateQueue", "QueueName", QUEUE));
            place.write("town.md", "# Town\n\nThe town has a harbour.\n");
            declare(place.declaration(queues.url(QUEUE)), "12h");

            place.write("late.md", "# Late\n\nThe harbour is new.\n");
            tell(queues, place.event("ObjectCreated:Put", "late.md"));
            await("what was put is found", () -> found().contains("late.md"));
            place.write("untold.md", "# Untold\n\nThe harbour is quiet.\n");
            assertThat(found()).doesNotContain("untold.md");
            place.remove("town.md");
            tell(queues, place.event("ObjectRemoved:Delete", "town.md"));
            await("what was deleted is not", () -> !found().contains("town.md"));
            assertThat(found()).containsExactlyInAnyOrder("late.md", "untold.md");
            delete();
        }
    }

    @Test
    void answersWithWhatWasPushedAlsoAfterTheFollowerWasLost() {
        try (var place = new PushPlace(cluster, namespace, CORPUS, folder)) {
            place.write("town.md", "# Town\n\nThe town has a harbour.\n");
            declare(place.declaration(), "1h");
            place.declared();
            assertThat(after(place, "late.md", "# Late\n\nThe harbour is new.\n"))
                    .contains("town.md", "late.md");
            cluster.kubectl()
                    .run(
                            "delete",
                            "pods",
                            "-n",
                            namespace,
                            "-l",
                            "app.kubernetes.io/component=ingestion",
                            "--grace-period=0",
                            "--force");
            assertThat(after(place, "later.md", "# Later\n\nThe harbour is older.\n"))
                    .contains("town.md", "late.md", "later.md");
            delete();
        }
    }

    /** What a search finds that waits for what it pushes. */
    private List<String> after(PushPlace place, String path, String text) {
        var position = place.position(path, text);
        var answer = client().post(
                        Map.of("query", QUESTION, "k", 5, "waitFor", Map.of("site", position), "waitSeconds", 60));
        assertThat(answer.status()).as(answer.body() + "\n" + told()).isEqualTo(200);
        return answer.documents();
    }

    private void declare(String source, String maxStaleness) {
        cluster.apply(Manifests.corpus(
                namespace,
                CORPUS,
                source,
                "freshness: {maxStaleness: %s}\ningestion: {mode: Continuous}".formatted(maxStaleness)));
        cluster.awaitReady("corpus", namespace, CORPUS);
        cluster.awaitReady("queryserver", namespace, "search");
        await(
                "the source is followed",
                () -> cluster.list("ingestionrun", namespace).stream()
                        .anyMatch(
                                run -> run.path("status").path("phase").asText().equals("Following")));
    }

    private void delete() {
        cluster.kubectl().run("delete", "corpus", CORPUS, "-n", namespace, "--timeout=60s");
    }

    private static void tell(QueueProcess queues, String event) throws IOException, InterruptedException {
        ask(URI.create(queues.url(QUEUE)), Map.of("Action", "SendMessage", "MessageBody", event));
    }

    /** By the query protocol of SQS; this server looks at no signature. */
    private static void ask(URI url, Map<String, String> form) throws IOException, InterruptedException {
        var body = new StringBuilder("Version=2012-11-05");
        form.forEach((name, value) ->
                body.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(url.resolve(url.getPath().isEmpty() ? "/" : url.getPath()))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                    .build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    private SearchClient client() {
        return new SearchClient(cluster.local().gatewayUrl(), namespace, CORPUS);
    }

    private List<String> found() {
        return client().search(QUESTION).documents();
    }

    private void await(String what, BooleanSupplier condition) {
        Cluster.await(LIMIT, what, condition, this::told);
    }

    private String told() {
        return cluster.kubectl().run("describe", "corpora,ingestionruns,deployments,pods", "-n", namespace);
    }
}
