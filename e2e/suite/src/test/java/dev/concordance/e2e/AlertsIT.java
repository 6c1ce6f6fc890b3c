package dev.concordance.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.localcluster.servers.GitServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts of the chart ask for what the programs export, by the names and labels that they export it with. */
class AlertsIT {
    private static final String CORPUS = "handbook";
    private static final Pattern SELECTOR = Pattern.compile("(concordance_\\w+)(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|!=|=)(\"[^\"]*\")");

    /** What Prometheus adds to what it scrapes. */
    private static final List<String> OF_THE_TARGET = List.of("namespace", "job");

    @TempDir
    private static Path folder;

    private static Cluster cluster;
    private static DocumentRepository repository;
    private static GitServer git;
    private static String namespace;
    private static List<String> exported;

    @BeforeAll
    static void scrape() throws Exception {
        cluster = Cluster.shared();
        namespace = cluster.namespace("alerts");
        repository = DocumentRepository.create(folder).write("one.md", "# One\n\nThe first page.\n");
        repository.commit("A page");
        git = GitServer.start(0, folder, CORPUS, null);
        cluster.apply(Manifests.gitCorpus(namespace, CORPUS, git.url(), "freshness: {maxStaleness: 6h}"));
        cluster.apply(Manifests.queryServer(namespace, "search"));
        cluster.awaitReady("corpus", namespace, CORPUS);
        cluster.awaitReady("queryserver", namespace, "search");
        var client = new SearchClient(cluster.local().gatewayUrl(), namespace, CORPUS);
        assertThat(client.search("first page").status()).isEqualTo(200);
        assertThat(client.post(Map.of("query", "first page", "rerank", true)).status())
                .isEqualTo(200);
        exported = new ArrayList<>(metrics("concordance-system", "concordance-operator-metrics"));
        exported.addAll(metrics(namespace, "search"));
    }

    @AfterAll
    static void leave() {
        cluster.kubectl().run("delete", "corpus", CORPUS, "-n", namespace, "--timeout=60s");
        git.close();
        repository.close();
    }

    @Test
    void askForWhatIsExported() {
        assertThat(expressions())
                .isNotEmpty()
                .allSatisfy(expression -> assertThat(selectors(expression))
                        .isNotEmpty()
                        .allSatisfy(selector ->
                                assertThat(exported).as(selector.toString()).anyMatch(selector::takes)));
    }

    private record Selector(String metric, List<String> labels) {
        boolean takes(String sample) {
            return sample.matches(metric + "[{ ].*") && labels.stream().allMatch(sample::contains);
        }
    }

    /** Of a label that has to have one value the value too; of others only that there is such a label. */
    private static List<Selector> selectors(String expression) {
        return SELECTOR.matcher(expression)
                .results()
                .map(found -> new Selector(found.group(1), labels(Objects.requireNonNullElse(found.group(2), ""))))
                .toList();
    }

    private static List<String> labels(String matchers) {
        return MATCHER.matcher(matchers)
                .results()
                .filter(matcher -> !OF_THE_TARGET.contains(matcher.group(1)))
                .map(matcher -> matcher.group(1) + "=" + (matcher.group(2).equals("=") ? matcher.group(3) : ""))
                .toList();
    }

    private static List<String> expressions() {
        var yaml = cluster.helm()
                .run(
                        "template",
                        "concordance",
                        Cluster.ROOT.resolve("helm/concordance").toString(),
                        "--show-only=templates/alerts.yaml",
                        "--set=metrics.prometheusRule.enabled=true");
        var rule = Serialization.unmarshal(yaml, GenericKubernetesResource.class);
        return Cluster.json(Serialization.asJson(rule))
                .at("/spec/groups")
                .valueStream()
                .flatMap(group -> group.path("rules").valueStream())
                .map(alert -> alert.path("expr").asText())
                .toList();
    }

    /** The samples of the pod behind a Service. */
    private static List<String> metrics(String namespace, String service) throws IOException, InterruptedException {
        var address = cluster.local().serviceUrl(namespace, service).resolve("/q/metrics");
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(service).isEqualTo(200);
            return answer.body().lines().toList();
        }
    }
}
