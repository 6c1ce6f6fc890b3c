package dev.concordance.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.InletTable;
import dev.concordance.manifest.ManifestJson;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.SourceManifest;
import dev.concordance.operator.testing.Declared;
import dev.concordance.operator.testing.FakeWorkers;
import dev.concordance.operator.testing.FakeWorkers.Outcome;
import dev.concordance.operator.testing.OperatorProcess;
import dev.concordance.operator.testing.TestCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An inlet on a real control plane and a real Elasticsearch: what it consists of, what its Corpus says of it, and when it goes. */
final class InletOnClusterIT {
    private static final String NAME = "handbook-inlet";

    private static KubernetesClient client;
    private static FakeWorkers workers;
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        client = TestCluster.get().client();
        workers = FakeWorkers.start();
        workers.behave(run -> new Outcome.Success(run.mode() == RunMode.Erase ? 2 : 3));
        operator = OperatorProcess.leading(OperatorProcess.options("inlet-on-cluster"));
    }

    @AfterAll
    static void stop() {
        assertThat(operator.stop()).isEqualTo(143);
        workers.close();
    }

    @Test
    void isMadeAndToldOfAndRemoved() {
        var declared = declared("inlet");
        declared.pushedCorpus("handbook", "push-editors");
        declared.awaitServing("handbook", 1);
        assertThat(declared.awaitCorpus("handbook", "InletAvailable", "InletUnavailable")
                        .getMessage())
                .isEqualTo("nothing can be pushed, since none of 1 pods of the inlet is ready");
        assertThat(declared.awaitCorpus("handbook", "ReferencesResolved", "ReferenceMissing")
                        .getMessage())
                .contains("Secret " + declared.namespace() + "/push-editors");
        Declared.await("there is one that nobody can push to")
                .until(() -> all(declared).count() == 4);

        declared.secret("push-editors", Map.of("password", "never-told"));
        declared.awaitCorpus("handbook", "ReferencesResolved", "KeyMissing");
        declared.secret("push-editors", Map.of("password", "never-told", "token", "s3cret-never-told"));
        declared.awaitCorpus("handbook", "ReferencesResolved", "ReferencesFound");
        Declared.await("the token is in the table")
                .until(() -> table(declared)
                        .filter(table -> !table.sources().getFirst().tokens().isEmpty())
                        .isPresent());
        Declared.await("a pod is ready").until(() -> {
            makePodsReady(declared);
            return deployment(declared)
                    .filter(found -> Integer.valueOf(1).equals(found.getStatus().getReadyReplicas()))
                    .isPresent();
        });
        assertThat(declared.awaitCorpus("handbook", "InletAvailable", "InletReady")
                        .getMessage())
                .isEqualTo("1 of 1 pods of the inlet take documents");
        assertThat(all(declared).map(String::valueOf)).noneMatch(object -> object.contains("never-told"));

        declared.corpus("handbook");
        declared.awaitCorpus("handbook", "InletAvailable", "NothingPushed");
        Declared.await("nothing is left of it")
                .until(() -> all(declared).findAny().isEmpty());
    }

    @Test
    void refusesWhatAnErasureCoversAsSoonAsItIsInEffect() {
        var declared = declared("inlet-erasure");
        declared.secret("push-editors", Map.of("token", "t"));
        declared.pushedCorpus("handbook", "push-editors");
        declared.awaitServing("handbook", 1);
        var erasure = declared.erasure("request-7");
        Declared.await("it is in the table")
                .until(() -> table(declared)
                        .filter(table -> table.tombstones()
                                .contains(erasure.getMetadata().getUid()))
                        .isPresent());
        var order = workers.done(declared.namespace()).stream()
                .filter(run -> run.mode() == RunMode.Erase)
                .findFirst()
                .orElseThrow();
        assertThat(order.sources())
                .singleElement()
                .satisfies(source -> assertThat(source.location()).isEqualTo(new SourceManifest.Push()));
        client.resource(erasure).delete();
        Declared.await("it is forgotten")
                .until(() -> table(declared)
                        .filter(table -> table.tombstones().isEmpty())
                        .isPresent());
    }

    @Test
    void leavesWhatBelongsToOthersAlone() {
        var declared = declared("inlet-taken");
        declared.secret("push-editors", Map.of("token", "t"));
        var other = client.resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .withNamespace(declared.namespace())
                        .endMetadata()
                        .withNewSpec()
                        .withType("ExternalName")
                        .withExternalName("others.example.com")
                        .endSpec()
                        .build())
                .create();
        declared.pushedCorpus("handbook", "push-editors");
        assertThat(declared.awaitCorpus("handbook", "InletAvailable", "NameTaken")
                        .getMessage())
                .contains("Service " + declared.namespace() + "/" + NAME);
        assertThat(all(declared))
                .singleElement()
                .satisfies(left -> assertThat(left.getMetadata().getUid())
                        .isEqualTo(other.getMetadata().getUid()));
        client.resource(other).delete();
        declared.awaitCorpus("handbook", "InletAvailable", "InletUnavailable");
        Declared.await("its pods are declared").until(() -> deployment(declared).isPresent());
    }

    private static Declared declared(String purpose) {
        var declared = new Declared(TestCluster.get().namespace(purpose));
        declared.cluster(TestCluster.get().elasticsearch().url());
        declared.policy(128);
        return declared;
    }

    /** Nothing runs the pods, so somebody has to say that they do. */
    private static void makePodsReady(Declared declared) {
        client.pods()
                .inNamespace(declared.namespace())
                .withLabel("app.kubernetes.io/component", "inlet")
                .resources()
                .forEach(pod -> pod.editStatus(found -> new PodBuilder(found)
                        .editOrNewStatus()
                        .withPhase("Running")
                        .removeMatchingFromConditions(
                                condition -> condition.getType().equals("Ready"))
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build()));
    }

    private static Optional<InletTable> table(Declared declared) {
        return Optional.ofNullable(client.configMaps()
                        .inNamespace(declared.namespace())
                        .withName(NAME)
                        .get())
                .map(InletOnClusterIT::table);
    }

    private static InletTable table(ConfigMap map) {
        try {
            return ManifestJson.mapper().readValue(map.getData().get("table.json"), InletTable.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Deployment> deployment(Declared declared) {
        return Optional.ofNullable(client.apps()
                .deployments()
                .inNamespace(declared.namespace())
                .withName(NAME)
                .get());
    }

    private static Stream<? extends HasMetadata> all(Declared declared) {
        return List.of(ConfigMap.class, Deployment.class, Service.class, PodDisruptionBudget.class).stream()
                .map(type -> client.resources(type)
                        .inNamespace(declared.namespace())
                        .withName(NAME)
                        .get())
                .filter(found -> found != null);
    }
}
