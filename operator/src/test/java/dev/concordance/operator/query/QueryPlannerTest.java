package dev.concordance.operator.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.KeyReference;
import dev.concordance.api.v1alpha1.QueryServer;
import dev.concordance.api.v1alpha1.QueryServerSpec;
import dev.concordance.manifest.BundledModel;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RoutingTable;
import dev.concordance.manifest.Tombstones;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Parsed;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.query.QueryObservation.Existing;
import dev.concordance.operator.query.QueryObservation.SeenCorpus;
import dev.concordance.operator.workload.WorkerImage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A query server's objects, as they come to be, change and rest. */
final class QueryPlannerTest {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
    private static final WorkerImage IMAGE = new WorkerImage("image:1", "Never", List.of("registry"));

    private final Map<String, HasMetadata> objects = new HashMap<>();
    private final List<SeenCorpus> corpora = new ArrayList<>();
    private final Set<Reference> existing = new HashSet<>();
    private final TreeSet<String> reached = new TreeSet<>();
    private QueryServer server = server(1, 1, true);
    private boolean paused;
    private Optional<Reference> taken = Optional.empty();

    @Test
    void createsAllThatAQueryServerConsistsOfAndThenRests() {
        assertThat(kinds(settle())).containsExactly("ConfigMap", "Deployment", "Service", "PodDisruptionBudget");
        assertThat(settle().steps()).isEmpty();
        assertThat(deployment().getSpec().getReplicas()).isEqualTo(1);
    }

    @Test
    void changesOnlyTheRoutingTableForAnotherCorpus() {
        settle();
        corpora.add(routable("handbook", null));
        var plan = settle();
        assertThat(kinds(plan)).containsExactly("ConfigMap");
        assertThat(plan.routes()).isEqualTo(1);
        assertThat(table().route("docs", "handbook")).isNotNull();
        assertThat(settle().steps()).isEmpty();
    }

    @Test
    void rollsThePodsForAMountThatACorpusNeeds() {
        settle();
        corpora.add(routable("handbook", "elasticsearch-es-serve"));
        var plan = settle();
        assertThat(plan.missing()).contains(Reference.secret("docs", "es-serve"));
        assertThat(table().routes()).isEmpty();
        existing.add(Reference.secret("docs", "es-serve"));
        assertThat(kinds(settle())).containsExactly("ConfigMap", "Deployment");
        assertThat(deployment()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getArgs())
                .contains("elasticsearch-es-serve=/etc/concordance/elasticsearch-es-serve");
        existing.clear();
        assertThat(settle().steps()).isEmpty();
    }

    @Test
    void keepsTheRouteToACorpusThatNothingIsKnownOf() {
        corpora.add(routable("handbook", null));
        settle();
        corpora.set(0, new SeenCorpus.Unknown("handbook", Optional.empty(), Tombstones.NONE));
        assertThat(settle().steps()).isEmpty();
        assertThat(table().route("docs", "handbook")).isNotNull();
        corpora.clear();
        settle();
        assertThat(table().routes()).isEmpty();
    }

    @Test
    void closesTheRouteToACorpusWhoseDocumentsSayWhoSeesThemThoughNothingElseIsKnownOfIt() {
        corpora.add(routable("handbook", null));
        settle();
        corpora.set(
                0, new SeenCorpus.Unknown("handbook", Optional.of(new RoutingTable.Access(60_000)), Tombstones.NONE));
        assertThat(kinds(settle())).containsExactly("ConfigMap");
        var route = Objects.requireNonNull(table().route("docs", "handbook"));
        assertThat(route.access()).isEqualTo(new RoutingTable.Access(60_000));
        corpora.set(0, new SeenCorpus.Unknown("handbook", Optional.empty(), Tombstones.NONE));
        assertThat(settle().steps())
                .as("it is not opened again by knowing less")
                .isEmpty();
    }

    @Test
    void tellsThePodsAsWhomTheBearersOfTokensSearch() {
        existing.add(Reference.secret("docs", "tokens"));
        server = server(1, 1, false);
        settle();
        assertThat(table().tokens())
                .containsExactly(new RoutingTable.Token(
                        "team", "tokens-tokens", "team", List.of("*"), List.of("group:team"), true));
    }

    @Test
    void waitsForACorpusThatIsNotServedYetAndNamesIt() {
        corpora.add(new SeenCorpus.NotServed("handbook"));
        settle();
        rolledOut(1);
        assertThat(ready().message()).contains("not served yet: handbook");
    }

    @Test
    void handsTheNumberOfPodsOverToTheAutoscaler() {
        server = server(2, 2, true);
        settle();
        server = server(1, 4, true);
        var plan = settle();
        assertThat(plan.steps())
                .extracting(step -> step.getClass().getSimpleName())
                .containsExactly("HandOverReplicas", "Apply", "Apply");
        assertThat(deployment().getSpec().getReplicas()).isNull();
        assertThat(objects).containsKey("HorizontalPodAutoscaler");
        assertThat(settle().steps()).isEmpty();
        server = server(2, 2, true);
        assertThat(settle().steps())
                .extracting(step -> step.getClass().getSimpleName())
                .containsExactly("Delete", "Apply");
        assertThat(deployment().getSpec().getReplicas()).isEqualTo(2);
    }

    @Test
    void neverChangesTheSelector() {
        settle();
        var selector = deployment().getSpec().getSelector();
        server = server(3, 5, false);
        settle();
        assertThat(deployment().getSpec().getSelector()).isEqualTo(selector);
        assertThat(deployment().getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(selector.getMatchLabels());
    }

    @Test
    void writesAgainWhatSomebodyHasChanged() {
        settle();
        ((Service) Objects.requireNonNull(objects.get("Service")))
                .getSpec()
                .getSelector()
                .put("app.kubernetes.io/component", "mine");
        assertThat(kinds(settle())).containsExactly("Service");
    }

    @Test
    void reachesEveryReason() {
        conditions();
        settle();
        conditions();
        rolledOut(1);
        conditions();
        paused = true;
        conditions();
        paused = false;
        taken = Optional.of(new Reference("Service", "docs", "search"));
        conditions();
        taken = Optional.empty();
        corpora.add(routable("handbook", "elasticsearch-es-serve"));
        conditions();
        corpora.clear();
        stuck();
        conditions();
        server = server(3, 1, true);
        conditions();
        // told by the reconciler, while its caches fill
        reached.add("WaitsForCorpora");
        for (var reason : QueryReason.values()) {
            assertThat(reached).contains(reason.name());
        }
    }

    private QueryObservation observe() {
        var declaration = Parsed.of(server, QueryDeclaration::parse);
        var deployment = Optional.ofNullable((Deployment) objects.get("Deployment"));
        var mounted = new HashSet<String>();
        deployment.ifPresent(found ->
                found.getSpec().getTemplate().getSpec().getContainers().getFirst().getArgs().stream()
                        .filter(argument -> argument.contains("="))
                        .forEach(argument -> mounted.add(argument.substring(0, argument.indexOf('=')))));
        return new QueryObservation(
                declaration,
                paused,
                corpora,
                Optional.ofNullable((ConfigMap) objects.get("ConfigMap")).map(map -> table()),
                new Existing(
                        Optional.ofNullable((ConfigMap) objects.get("ConfigMap")),
                        deployment,
                        Optional.ofNullable((Service) objects.get("Service")),
                        Optional.ofNullable((PodDisruptionBudget) objects.get("PodDisruptionBudget")),
                        Optional.ofNullable((HorizontalPodAutoscaler) objects.get("HorizontalPodAutoscaler"))),
                mounted,
                taken,
                Optional.empty(),
                NOON);
    }

    private QueryPlan settle() {
        var plan = QueryPlanner.plan(server, observe(), existing::contains, IMAGE);
        for (var step : plan.steps()) {
            switch (step) {
                case QueryStep.Apply(var desired) -> objects.put(desired.getKind(), desired);
                case QueryStep.Delete(var object) -> objects.remove(object.getKind());
                case QueryStep.HandOverReplicas handOver ->
                    assertThat(handOver.replicas()).isPositive();
            }
        }
        return plan;
    }

    private void conditions() {
        var seen = observe();
        QueryConditions.of(seen, QueryPlanner.plan(server, seen, existing::contains, IMAGE)).stream()
                .map(Finding::reason)
                .forEach(reached::add);
    }

    private Finding ready() {
        var seen = observe();
        return QueryConditions.of(seen, QueryPlanner.plan(server, seen, existing::contains, IMAGE)).stream()
                .filter(finding -> finding.type().equals(Conditions.READY))
                .findFirst()
                .orElseThrow();
    }

    private void rolledOut(int pods) {
        objects.put(
                "Deployment",
                new DeploymentBuilder(deployment())
                        .editMetadata()
                        .withGeneration(1L)
                        .endMetadata()
                        .withNewStatus()
                        .withObservedGeneration(1L)
                        .withReplicas(pods)
                        .withUpdatedReplicas(pods)
                        .withReadyReplicas(pods)
                        .endStatus()
                        .build());
    }

    private void stuck() {
        objects.put(
                "Deployment",
                new DeploymentBuilder(deployment())
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Progressing")
                        .withStatus("False")
                        .withMessage("ReplicaSet has timed out progressing")
                        .endCondition()
                        .endStatus()
                        .build());
    }

    private Deployment deployment() {
        return (Deployment) Objects.requireNonNull(objects.get("Deployment"));
    }

    private RoutingTable table() {
        try {
            return ManifestJson.mapper()
                    .readValue(
                            ((ConfigMap) Objects.requireNonNull(objects.get("ConfigMap")))
                                    .getData()
                                    .get("routing.json"),
                            RoutingTable.class);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> kinds(QueryPlan plan) {
        return plan.steps().stream()
                .map(step -> ((QueryStep.Apply) step).desired().getKind())
                .toList();
    }

    private static SeenCorpus routable(String name, @Nullable String credentials) {
        return new SeenCorpus.Routable(new RoutingTable.Route(
                "docs",
                name,
                "cc-docs." + name,
                new ElasticsearchAccess(List.of("https://es:9200"), null, credentials),
                List.of(BundledModel.BGE_SMALL_EN_V1_5_Q.manifest()),
                List.of(),
                new RoutingTable.Retrieval(RoutingTable.Mode.hybrid, RoutingTable.Fusion.weighted, 0.5, 0.5, 60)));
    }

    private static QueryServer server(int min, int max, boolean anonymous) {
        var server = new QueryServer();
        server.setMetadata(new ObjectMetaBuilder()
                .withName("search")
                .withNamespace("docs")
                .withUid("uid")
                .build());
        var tokens = List.of(new QueryServerSpec.Token(
                "team", new KeyReference("tokens", "team"), null, List.of("group:team"), true));
        server.setSpec(new QueryServerSpec(
                new LabelSelector(),
                new QueryServerSpec.Replicas(min, max),
                null,
                new QueryServerSpec.Authentication(anonymous, anonymous ? null : tokens),
                null,
                null));
        return server;
    }
}
