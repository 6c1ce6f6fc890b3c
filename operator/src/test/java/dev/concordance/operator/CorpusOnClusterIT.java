package dev.concordance.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RunMode;
import dev.concordance.operator.testing.Declared;
import dev.concordance.operator.testing.FakeWorkers;
import dev.concordance.operator.testing.FakeWorkers.Outcome;
import dev.concordance.operator.testing.OperatorProcess;
import dev.concordance.operator.testing.TestCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The operator on a real control plane and a real Elasticsearch, with everything but the workers being itself. */
final class CorpusOnClusterIT {
    private static KubernetesClient client;
    private static FakeWorkers workers;
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        client = TestCluster.get().client();
        workers = FakeWorkers.start();
        operator = OperatorProcess.leading(OperatorProcess.options("corpus-on-cluster"));
    }

    @AfterAll
    static void stop() {
        assertThat(operator.stop()).isEqualTo(143);
        workers.close();
    }

    @Test
    void goesOnByItselfAsEachThingThatIsReferredToIsCreated() throws Exception {
        var declared = declared("refs");
        var corpus = declared.corpus("handbook", "git-read", "Delete");
        declared.awaitCorpus("handbook", "Ready", "ReferenceMissing");
        declared.clusterWithSecret(TestCluster.get().elasticsearch().url(), "elastic");
        declared.awaitCluster("SecretMissing");
        declared.awaitCorpus("handbook", "Ready", "SecretMissing");
        declared.secret("elastic", Map.of("username", "elastic"));
        declared.awaitCluster("SecretIncomplete");
        declared.secret("elastic", Map.of("password", "p4ssw0rd-never-told", "username", "elastic"));
        declared.awaitCluster("Connected");
        var missing = declared.awaitCorpus("handbook", "ReferencesResolved", "ReferenceMissing");
        assertThat(missing.getMessage()).contains("headings").contains("create it");
        declared.policy(128);
        Declared.await("the Secret is missed")
                .until(() -> declared.awaitCorpus("handbook", "Ready", "ReferenceMissing")
                        .getMessage()
                        .contains("git-read"));
        declared.secret("git-read", Map.of("token", "t0ken-never-told"));
        declared.awaitServing("handbook", 1);
        assertThat(declared.serving("handbook").orElseThrow().documents()).isEqualTo(3);
        assertThat(client.resource(corpus).get().getMetadata().getFinalizers())
                .containsExactly("concordance.dev/indexes");

        declared.secret("elastic", Map.of("password", "r0tated-never-told", "username", "elastic"));
        declared.secret("git-read", Map.of("token", "r0tated-t0ken-never-told"));
        Declared.await("the rotated Secret starts a run")
                .until(() -> workers.done(declared.namespace()).size() >= 1);
        assertNoValueIsTold(declared);
    }

    @Test
    void buildsAnotherGenerationWhenThePolicyChangesAndMovesTheAlias() throws Exception {
        var declared = serving("policy");
        declared.queryServer(1, 1);
        var alias = "cc-" + declared.namespace() + ".handbook";
        assertThat(elasticsearch("GET", "/_alias/" + alias)).contains("-g1\"");
        workers.behave(declared.namespace(), run -> new Outcome.Never());
        declared.policy(64);
        declared.awaitCorpus("handbook", "Ready", "Rebuilding");
        assertThat(elasticsearch("GET", "/_alias/" + alias)).contains("-g1\"");
        workers.behave(declared.namespace(), run -> new Outcome.Success(4));
        client.pods()
                .inNamespace(declared.namespace())
                .withLabel("app.kubernetes.io/component", "ingestion")
                .delete();
        declared.awaitServing("handbook", 2);
        assertThat(elasticsearch("GET", "/_alias/" + alias)).contains("-g2\"").doesNotContain("-g1\"");
        Declared.await("the routing table has the corpus")
                .until(() -> routing(declared).contains(alias));
        assertThat(events(declared))
                .filteredOn(event -> event.getInvolvedObject().getKind().equals("Corpus"))
                .extracting(Event::getReason, Event::getType)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("BuildingFirst", "Normal"),
                        org.assertj.core.groups.Tuple.tuple("Serving", "Normal"),
                        org.assertj.core.groups.Tuple.tuple("Rebuilding", "Normal"));
    }

    @Test
    void tellsWhyARunFailedAndStallsUntilSomethingIsChanged() {
        var declared = declared("fails");
        workers.behave(
                declared.namespace(),
                run -> new Outcome.Failure(FailureReason.SourceUnauthorized, "git.example.com rejects the token", 2));
        declared.cluster(TestCluster.get().elasticsearch().url());
        declared.policy(128);
        declared.secret("git-read", Map.of("token", "wrong"));
        declared.corpus("handbook", "git-read", "Delete");
        var stalled = declared.awaitCorpus("handbook", "Stalled", "SourceUnauthorized");
        assertThat(stalled.getStatus()).isEqualTo("True");
        assertThat(stalled.getMessage()).isEqualTo("git.example.com rejects the token");
        declared.awaitCorpus("handbook", "SourcesReadable", "SourceUnauthorized");
        assertThat(events(declared))
                .filteredOn(event -> event.getReason().equals("SourceUnauthorized"))
                .extracting(Event::getType)
                .contains("Warning");
        workers.behave(declared.namespace(), run -> new Outcome.Success(3));
        declared.secret("git-read", Map.of("token", "right"));
        declared.awaitServing("handbook", 1);
    }

    @Test
    void syncsWhenAUserCreatesARunAlsoWhereTheOperatorStartsNone() {
        var declared = serving("user");
        awaitSync(declared, "now");
        var opens = LocalTime.now(ZoneOffset.UTC).plusHours(2);
        client.resource(declared.corpusNow("handbook"))
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
                {"spec": {"ingestion": {"suspend": true, "window": {"from": "%tR", "until": "%tR"}}}}""".formatted(opens, opens.plusHours(1)));
        Declared.await("the operator starts none")
                .until(() -> freshness(declared).nextRun() == null);
        awaitSync(declared, "all-the-same");
        assertThat(workers.done(declared.namespace()))
                .extracting(done -> done.mode())
                .containsExactly(RunMode.Build, RunMode.Incremental, RunMode.Incremental);
    }

    private static void awaitSync(Declared declared, String name) {
        declared.run(name, null);
        Declared.await("the user's run succeeds")
                .until(() -> declared.runs().stream()
                        .anyMatch(run -> run.getMetadata().getName().equals(name)
                                && run.getStatus() != null
                                && "Succeeded".equals(run.getStatus().phase())));
    }

    @Test
    void foreseesThatAnswersGetTooOldAndKeepsAccountOfIt() {
        var declared = declared("stale");
        declared.cluster(TestCluster.get().elasticsearch().url());
        declared.policy(128);
        declared.corpusNoOlderThan("handbook", "20s", "Jobs");
        declared.awaitServing("handbook", 1);
        workers.behave(declared.namespace(), run -> new Outcome.Later());
        var foreseen = declared.awaitCorpus("handbook", "Fresh", "BreachForecast");
        assertThat(foreseen.getMessage()).startsWith("answers are going to be older than 20s at ");
        assertThat(foreseen.getStatus()).isEqualTo("False");
        declared.awaitCorpus("handbook", "Fresh", "Stale");
        // What is told of a breach that has ended is right to a second.
        Declared.await("a tenth of the budget of 36 s is used up, and a second more")
                .until(() -> Objects.requireNonNull(freshness(declared).errorBudgetRemaining())
                                .compareTo("0.87")
                        < 0);
        var before = freshness(declared);
        workers.behave(declared.namespace(), run -> new Outcome.Success(3));
        declared.awaitCorpus("handbook", "Fresh", "Fresh");
        var after = freshness(declared);
        var deadline = Instant.parse(Objects.requireNonNull(before.freshAsOf())).plusSeconds(20);
        assertThat(after.breaches()).first().satisfies(breach -> {
            assertThat(breach.from()).isEqualTo(deadline.toString());
            assertThat(Duration.between(deadline, Instant.parse(Objects.requireNonNull(breach.until())))
                            .toSeconds())
                    .isEqualTo(breach.staleSeconds());
        });
        assertThat(after.errorBudgetRemaining()).isLessThan("0.90");
    }

    private static CorpusStatus.Freshness freshness(Declared declared) {
        return Objects.requireNonNull(declared.corpusNow("handbook").getStatus().freshness());
    }

    @Test
    void followsACorpusThatJobsCantKeepFreshAndMakesRoomForAUsersRun() {
        var declared = declared("followed");
        workers.behave(
                declared.namespace(),
                run -> run.mode() == RunMode.Follow ? new Outcome.Follow(3) : new Outcome.Success(3));
        declared.cluster(TestCluster.get().elasticsearch().url());
        declared.policy(128);
        var corpus = declared.corpusNoOlderThan("handbook", "5s", "Auto");
        declared.awaitServing("handbook", 1);
        Declared.await("its sources are followed").until(() -> isFollowed(declared));
        declared.awaitCorpus("handbook", "Fresh", "Fresh");
        var run = declared.run("now", "Verify");
        Declared.await("the user's run succeeds")
                .until(() -> Optional.ofNullable(client.resource(run).get().getStatus())
                        .filter(status -> "Succeeded".equals(status.phase()))
                        .isPresent());
        Declared.await("its sources are followed again").until(() -> isFollowed(declared));
        assertThat(workers.done(declared.namespace()))
                .extracting(done -> done.mode())
                .containsExactly(RunMode.Build, RunMode.Verify);
        client.resource(corpus).delete();
        declared.awaitGone(corpus);
        assertThat(followers(declared)).isEmpty();
    }

    private static List<Deployment> followers(Declared declared) {
        return client.apps()
                .deployments()
                .inNamespace(declared.namespace())
                .withLabel("app.kubernetes.io/component", "ingestion")
                .list()
                .getItems();
    }

    private static boolean isFollowed(Declared declared) {
        return followers(declared).size() == 1
                && declared.runs().stream()
                        .anyMatch(run -> run.getStatus() != null
                                && "Following".equals(run.getStatus().phase()));
    }

    @Test
    void leavesAPausedCorpusAsItIs() {
        var declared = serving("paused");
        var corpus = declared.corpusNow("handbook");
        declared.annotate(corpus, Api.PAUSED, "true");
        declared.awaitCorpus("handbook", "Reconciling", "Paused");
        declared.policy(64);
        declared.awaitCorpus("handbook", "Reconciling", "Paused");
        assertThat(declared.runs()).hasSize(1);
        declared.annotate(corpus, Api.PAUSED, null);
        declared.awaitServing("handbook", 2);
    }

    @Test
    void removesAllThatADeletedCorpusOwned() throws Exception {
        var declared = serving("deleted");
        declared.queryServer(1, 1);
        var corpus = declared.corpusNow("handbook");
        client.resource(corpus).delete();
        declared.awaitGone(corpus);
        assertThat(elasticsearch("GET", "/_cat/indices/cc-" + declared.namespace() + ".*?h=index"))
                .isBlank();
        assertThat(declared.runs()).isEmpty();
        assertThat(client.resources(Job.class)
                        .inNamespace(declared.namespace())
                        .list()
                        .getItems())
                .allMatch(Job::isMarkedForDeletion);
        Declared.await("the route is gone").until(() -> !routing(declared).contains("handbook"));
        var cluster = client.resources(dev.concordance.api.v1alpha1.SearchCluster.class)
                .inNamespace(declared.namespace())
                .withName("search")
                .require();
        client.resource(cluster).delete();
        declared.awaitGone(cluster);
    }

    @Test
    void leavesTheIndexesOfARetainedCorpus() throws Exception {
        var declared = declared("retained");
        declared.cluster(TestCluster.get().elasticsearch().url());
        declared.policy(128);
        var corpus = declared.corpus("handbook", null, "Retain");
        declared.awaitServing("handbook", 1);
        client.resource(corpus).delete();
        declared.awaitGone(corpus);
        assertThat(elasticsearch("GET", "/_cat/indices/cc-" + declared.namespace() + ".*?h=index"))
                .contains("handbook-g1");
    }

    @Test
    void letsACorpusGoWhoseElasticsearchIsGoneForGood() {
        var proxy = RecordingProxy.start(TestCluster.get().elasticsearch().url());
        var declared = declared("abandoned");
        declared.cluster(proxy.url());
        declared.policy(128);
        var corpus = declared.corpus("handbook");
        declared.awaitServing("handbook", 1);
        proxy.close();
        declared.awaitCluster("ElasticsearchUnreachable");
        assertThat(declared.serving("handbook")).isPresent();
        client.resource(corpus).delete();
        var waits = declared.awaitCorpus("handbook", "Ready", "DeletionWaitsForElasticsearch");
        assertThat(waits.getMessage()).contains("concordance.dev/abandon-indexes=true");
        declared.annotate(corpus, Api.ABANDON, "true");
        declared.awaitGone(corpus);
    }

    @Test
    void leavesTheNumberOfPodsToTheAutoscaler() {
        var declared = serving("scaled");
        var server = declared.queryServer(2, 2);
        Declared.await("a Deployment with two pods").until(() -> {
            var deployment = client.apps()
                    .deployments()
                    .inNamespace(declared.namespace())
                    .withName("search")
                    .get();
            return deployment != null && deployment.getSpec().getReplicas() == 2;
        });
        declared.queryServer(1, 4);
        Declared.await("an autoscaler")
                .until(() -> client.resources(HorizontalPodAutoscaler.class)
                                .inNamespace(declared.namespace())
                                .withName("search")
                                .get()
                        != null);
        assertThat(client.apps()
                        .deployments()
                        .inNamespace(declared.namespace())
                        .withName("search")
                        .require()
                        .getSpec()
                        .getReplicas())
                .isEqualTo(2);
        client.resource(server).delete();
        Declared.await("what it consisted of is gone")
                .until(() -> client.apps()
                                .deployments()
                                .inNamespace(declared.namespace())
                                .withName("search")
                                .get()
                        == null);
    }

    @Test
    void measuresACorpusAndForgetsItWhenItIsGone() {
        var declared = serving("measured");
        var labels = "{corpus=\"handbook\",namespace=\"" + declared.namespace() + "\"}";
        Declared.await("the documents are measured")
                .until(() -> operator.metrics().contains("concordance_corpus_documents" + labels + " 3.0"));
        assertThat(operator.metrics())
                .contains("concordance_corpus_chunks" + labels + " 9.0")
                .contains("concordance_corpus_staleness_seconds" + labels)
                .contains("concordance_corpus_change_to_searchable_documents" + labels + " 3.0")
                .contains("concordance_corpus_change_to_searchable_seconds{corpus=\"handbook\",namespace=\""
                        + declared.namespace() + "\",quantile=\"0.5\"} 0.84")
                .contains("concordance_corpus_change_to_searchable_seconds{corpus=\"handbook\",namespace=\""
                        + declared.namespace() + "\",quantile=\"0.99\"} 12.0")
                .contains("concordance_condition{condition=\"Ready\",kind=\"corpus\",name=\"handbook\",namespace=\""
                        + declared.namespace() + "\"} 1.0")
                .contains("concordance_runs{phase=\"Succeeded\"}")
                .contains("concordance_steps_total{kind=\"corpus\",step=\"Promote\"}")
                .contains("reconciliations_success_total");
        var corpus = declared.corpusNow("handbook");
        client.resource(corpus).delete();
        declared.awaitGone(corpus);
        Declared.await("nothing is measured any more")
                .until(() -> operator.metrics()
                        .lines()
                        .filter(line -> line.startsWith("concordance_corpus") || line.contains("kind=\"corpus\",name="))
                        .noneMatch(line -> line.contains("\"" + declared.namespace() + "\"")));
    }

    private static Declared declared(String purpose) {
        return new Declared(TestCluster.get().namespace(purpose));
    }

    private static Declared serving(String purpose) {
        var declared = declared(purpose);
        declared.cluster(TestCluster.get().elasticsearch().url());
        declared.policy(128);
        declared.corpus("handbook");
        declared.awaitServing("handbook", 1);
        return declared;
    }

    private static String routing(Declared declared) {
        var map = client.resources(ConfigMap.class)
                .inNamespace(declared.namespace())
                .withName("search-routing")
                .require();
        return Objects.requireNonNull(map.getData().get("routing.json"));
    }

    private static List<Event> events(Declared declared) {
        return client.v1().events().inNamespace(declared.namespace()).list().getItems();
    }

    /** All that can be read in the namespace but the Secrets themselves, and what the operator has said. */
    private static void assertNoValueIsTold(Declared declared) throws Exception {
        var json = new ObjectMapper();
        var told = new StringBuilder(operator.output()).append(operator.metrics());
        for (var kind : List.of(
                dev.concordance.api.v1alpha1.Corpus.class,
                dev.concordance.api.v1alpha1.SearchCluster.class,
                IngestionRun.class,
                ConfigMap.class,
                Job.class,
                io.fabric8.kubernetes.api.model.Pod.class,
                Event.class)) {
            told.append(json.writeValueAsString(
                    client.resources(kind).inNamespace(declared.namespace()).list()));
        }
        Stream.of(
                        "p4ssw0rd-never-told",
                        "r0tated-never-told",
                        "t0ken-never-told",
                        "cDRzc3cwcmQtbmV2ZXItdG9sZA",
                        "dDBrZW4tbmV2ZXItdG9sZA")
                .forEach(value -> assertThat(told).doesNotContain(value));
    }

    private static String elasticsearch(String method, String path) throws Exception {
        return elasticsearch(method, path, "");
    }

    private static String elasticsearch(String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(
                        java.net.URI.create(TestCluster.get().elasticsearch().url() + path))
                .header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
