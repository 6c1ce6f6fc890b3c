package dev.concordance.operator.inlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.manifest.ElasticsearchAccess;
import dev.concordance.manifest.IndexNames;
import dev.concordance.manifest.InletTable;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.Tombstones;
import dev.concordance.operator.corpus.DeclaredInlet;
import dev.concordance.operator.inlet.InletObservation.Existing;
import dev.concordance.operator.inlet.InletObservation.Wish;
import dev.concordance.operator.kube.Owned;
import dev.concordance.operator.kube.Reference;
import dev.concordance.operator.workload.Mount;
import dev.concordance.operator.workload.WorkerImage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is done about an inlet, by what there should be and what there is. */
final class InletPlannerTest {
    private static final WorkerImage IMAGE = new WorkerImage("index-server:1", "IfNotPresent", List.of("registry"));
    private static final Existing NOTHING =
            new Existing(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    private static final Corpus CORPUS = corpus();

    @Test
    void makesAllOfAnInletAndThenNothingMore() throws Exception {
        var applied = plan(wanted(2, true), NOTHING);
        assertThat(applied).hasSize(4).allSatisfy(object -> {
            assertThat(object.getMetadata().getName()).isEqualTo("handbook-inlet");
            assertThat(Owned.isOwned(object, CORPUS)).isTrue();
        });
        var existing = existing(applied);
        assertThat(plan(wanted(2, true), existing)).isEmpty();
        var json = existing.table().orElseThrow().getData().get("table.json");
        assertThat(ManifestJson.mapper().readValue(json, InletTable.class)).isEqualTo(table("a"));
    }

    @Test
    void runsWithoutPrivilegesAndEndsInOrder() {
        var deployment = existing(plan(wanted(3, true), NOTHING)).deployment().orElseThrow();
        assertThat(deployment.getSpec().getReplicas()).isEqualTo(3);
        var pod = deployment.getSpec().getTemplate().getSpec();
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(43);
        var container = pod.getContainers().getFirst();
        assertThat(container.getArgs())
                .startsWith("inlet", "--table", "/etc/concordance/table/table.json", "--drain", "35")
                .contains("tokens-push=/etc/concordance/tokens-push");
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/q/health/ready");
        assertThat(container.getLifecycle().getPreStop().getSleep().getSeconds())
                .isEqualTo(3);
        assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels());
    }

    @Test
    void changesOnlyTheTableForAnotherToken() {
        var existing = existing(plan(wanted(1, true), NOTHING));
        var other = new Wish.Wanted(new DeclaredInlet(1, Optional.empty(), List.of()), table("b"), mounts(), true);
        assertThat(plan(other, existing)).extracting(HasMetadata::getKind).containsExactly("ConfigMap");
    }

    @Test
    void removesAnInletThatNobodyPushesToAnyMore() {
        var existing = existing(plan(wanted(1, true), NOTHING));
        var steps =
                InletPlanner.plan(CORPUS, new InletObservation(new Wish.Nothing(), existing, Optional.empty()), IMAGE);
        assertThat(steps).hasSize(4).allMatch(InletStep.DeleteInlet.class::isInstance);
        assertThat(plan(new Wish.Nothing(), NOTHING)).isEmpty();
    }

    @Test
    void leavesEverythingWhereNothingCanBeTold() {
        var existing = existing(plan(wanted(1, true), NOTHING));
        assertThat(plan(new Wish.Undecided(), existing)).isEmpty();
        var taken = Optional.of(Reference.secret("docs", "x"));
        assertThat(InletPlanner.plan(CORPUS, new InletObservation(wanted(1, true), NOTHING, taken), IMAGE))
                .isEmpty();
        assertThat(new InletObservation(new Wish.Undecided(), NOTHING, Optional.empty()).isWaiting())
                .isTrue();
        assertThat(new InletObservation(wanted(1, false), NOTHING, Optional.empty()).isWaiting())
                .isTrue();
        assertThat(new InletObservation(wanted(1, true), NOTHING, Optional.empty()).isWaiting())
                .isFalse();
    }

    private static List<HasMetadata> plan(Wish wish, Existing existing) {
        return InletPlanner.plan(CORPUS, new InletObservation(wish, existing, Optional.empty()), IMAGE).stream()
                .map(step -> ((InletStep.ApplyInlet) step).desired())
                .toList();
    }

    private static Existing existing(List<HasMetadata> applied) {
        return new Existing(
                one(applied, ConfigMap.class),
                one(applied, Deployment.class),
                one(applied, Service.class),
                one(applied, PodDisruptionBudget.class));
    }

    private static <T> Optional<T> one(List<HasMetadata> objects, Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    private static Wish.Wanted wanted(int replicas, boolean isWhole) {
        return new Wish.Wanted(new DeclaredInlet(replicas, Optional.empty(), List.of()), table("a"), mounts(), isWhole);
    }

    private static List<Mount> mounts() {
        return List.of(new Mount.OfSecret("tokens-push", "push"));
    }

    private static InletTable table(String token) {
        return new InletTable(
                new IndexNames("cc", "docs", "handbook"),
                new ElasticsearchAccess(List.of("https://elasticsearch:9200"), null, null),
                List.of(new InletTable.Source(
                        "articles", null, List.of(new InletTable.Token(token, "tokens-push", "token")))),
                false,
                1 << 20,
                Tombstones.NONE);
    }

    private static Corpus corpus() {
        var corpus = new Corpus();
        corpus.setMetadata(new ObjectMetaBuilder()
                .withName("handbook")
                .withNamespace("docs")
                .withUid("uid")
                .build());
        return corpus;
    }
}
