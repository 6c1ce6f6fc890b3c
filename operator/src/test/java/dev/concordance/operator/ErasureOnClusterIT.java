package dev.concordance.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.Api;
import dev.concordance.api.v1alpha1.ErasureStatus;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunSpecification;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.testing.Declared;
import dev.concordance.operator.testing.FakeWorkers;
import dev.concordance.operator.testing.FakeWorkers.Outcome;
import dev.concordance.operator.testing.OperatorProcess;
import dev.concordance.operator.testing.TestCluster;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An Erasure on a real control plane and a real Elasticsearch: what it makes runs and query servers do, and when it goes. */
final class ErasureOnClusterIT {
    private static KubernetesClient client;
    private static FakeWorkers workers;
    private static OperatorProcess operator;

    @BeforeAll
    static void start() {
        client = TestCluster.get().client();
        workers = FakeWorkers.start();
        operator = OperatorProcess.leading(OperatorProcess.options("erasure-on-cluster"));
    }

    @AfterAll
    static void stop() {
        assertThat(operator.stop()).isEqualTo(143);
        workers.close();
    }

    @Test
    void erasesKeepsOutAndSignsFromBeginningToEnd() throws Exception {
        var declared = serving("erases");
        declared.queryServer(1, 1);
        workers.behave(run -> new Outcome.Success(run.mode() == RunMode.Erase ? 2 : 3));
        var erasure = declared.erasure("request-7");
        assertThat(declared.awaitErasure("request-7", "SigningKeyMissing").getMessage())
                .contains("Secret " + declared.namespace() + "/receipts does not exist; create it");
        declared.secret("receipts", Map.of("ed25519.pem", key()));
        assertThat(declared.awaitErasure("request-7", "Verified").getMessage())
                .startsWith("2 documents were erased, and nothing that is covered is found in 2 indexes");

        var status = declared.erased("request-7").orElseThrow();
        var keys = Objects.requireNonNull(status.documentKeys());
        assertThat(keys).hasSize(2);
        assertThat(status.effectiveSince()).isNotBlank();
        assertThat(Objects.requireNonNull(status.receipt()).signature()).isNotBlank();
        var order = done(declared, RunMode.Erase).getFirst();
        assertThat(order.sources()).as("it reads none").isEmpty();
        assertThat(Objects.requireNonNull(order.erasure()).mostDocuments()).isEqualTo(100);
        Declared.await("query servers know").until(() -> routing(declared).contains(keys.getFirst()));

        declared.policy(64);
        declared.awaitServing("handbook", 2);
        assertThat(done(declared, RunMode.Build))
                .filteredOn(run -> run.manifest().generation() == 2)
                .isNotEmpty()
                .allSatisfy(run ->
                        assertThat(run.tombstones().coversKey(keys.getFirst())).isTrue());
        Declared.await("the new generation is verified")
                .until(() -> declared.erased("request-7")
                        .map(ErasureStatus::receipt)
                        .filter(receipt -> String.valueOf(receipt.statement()).contains("-g2\""))
                        .isPresent());

        client.resource(erasure).delete();
        declared.awaitGone(erasure);
        Declared.await("query servers have forgotten it")
                .until(() -> !routing(declared).contains(keys.getFirst()));
        assertThat(elasticsearch("/cc-" + declared.namespace() + ".handbook-ledger/_doc/erasure-"
                        + erasure.getMetadata().getUid()))
                .contains("\"found\":false");
        Declared.await("its runs are gone").until(() -> declared.runs().stream().noneMatch(ErasureOnClusterIT::erases));
    }

    @Test
    void waitsForApprovalOfWhatIsTooMuch() {
        var declared = serving("too-much");
        workers.behave(run -> run.mode() == RunMode.Erase ? new Outcome.Refusal(150) : new Outcome.Success(3));
        declared.secret("receipts", Map.of("ed25519.pem", key()));
        var erasure = declared.erasure("broad");
        assertThat(declared.awaitErasure("broad", "TooManyDocuments").getMessage())
                .startsWith("150 documents match, more than the 100 that may be erased, so none was");
        assertThat(declared.erased("broad").orElseThrow().effectiveSince()).isNull();

        workers.behave(run -> new Outcome.Success(3));
        declared.annotate(erasure, Api.APPROVE_ERASURE, "150");
        declared.awaitErasure("broad", "Verified");
        assertThat(done(declared, RunMode.Erase).getLast().erasure())
                .isNotNull()
                .satisfies(order -> assertThat(Objects.requireNonNull(order).mostDocuments())
                        .isEqualTo(150));
    }

    @Test
    void staysWithItsReceiptWhenItsCorpusGoes() {
        var declared = serving("alone");
        declared.secret("receipts", Map.of("ed25519.pem", key()));
        var erasure = declared.erasure("request-7");
        declared.awaitErasure("request-7", "Verified");
        var corpus = declared.corpusNow("handbook");
        client.resource(corpus).delete();
        declared.awaitGone(corpus);
        declared.awaitErasure("request-7", "CorpusMissing");
        assertThat(declared.erased("request-7").orElseThrow().receipt()).isNotNull();
        client.resource(erasure).delete();
        declared.awaitGone(erasure);
    }

    @Test
    void syncsACorpusThatCameBackAfterItsErasureHadGone() throws Exception {
        var declared = serving("lifted", "Retain");
        var gone = eraseAndLeave(declared);
        declared.corpus("handbook", null, "Retain");
        declared.awaitServing("handbook", 1);
        declared.run("afterwards", null);
        forget(declared);
        awaitRun(declared, "afterwards", "Succeeded");
        assertThat(elasticsearch("/cc-" + declared.namespace() + ".handbook-ledger/_doc/erasure-" + gone))
                .contains("\"found\":false");
        assertThat(done(declared, RunMode.Incremental))
                .isNotEmpty()
                .allSatisfy(run -> assertThat(run.tombstones().isEmpty()).isTrue());
    }

    /** As a backup restores them: under other UIDs, without statuses, and the Erasure some time after the Corpus. */
    @Test
    void syncsARestoredCorpusOnlyWhenItsRestoredErasureIsInEffect() {
        var declared = serving("restored", "Retain");
        eraseAndLeave(declared);
        declared.corpus("handbook", null, "Retain");
        declared.run("afterwards", null);
        awaitRun(declared, "afterwards", "ErasuresMissing");
        var restored = declared.erasure("request-7");
        declared.awaitErasure("request-7", "Verified");
        forget(declared);
        awaitRun(declared, "afterwards", "Succeeded");
        assertThat(done(declared, RunMode.Incremental))
                .isNotEmpty()
                .allSatisfy(run -> assertThat(
                                run.tombstones().contains(restored.getMetadata().getUid()))
                        .isTrue());
    }

    /** Leaves a ledger that requires an Erasure which does not exist any more, and gives its UID. */
    private static String eraseAndLeave(Declared declared) {
        declared.secret("receipts", Map.of("ed25519.pem", key()));
        var erasure = declared.erasure("request-7");
        declared.awaitErasure("request-7", "Verified");
        var corpus = declared.corpusNow("handbook");
        client.resource(corpus).delete();
        declared.awaitGone(corpus);
        client.resource(erasure).delete();
        declared.awaitGone(erasure);
        return erasure.getMetadata().getUid();
    }

    /** As the run's message says. */
    private static void forget(Declared declared) {
        var ready = awaitRun(declared, "afterwards", "ErasuresMissing");
        var token = ready.getMessage().replaceFirst(".*forget-erasures=([0-9a-f]{8}) .*", "$1");
        declared.annotate(declared.corpusNow("handbook"), Api.FORGET_ERASURES, token);
    }

    private static Condition awaitRun(Declared declared, String name, String reason) {
        var found = new AtomicReference<Condition>();
        Declared.await("run " + name + " " + reason)
                .until(() -> declared.runs().stream()
                        .filter(run -> run.getMetadata().getName().equals(name) && run.getStatus() != null)
                        .flatMap(run -> Conditions.find(run.getStatus().conditions(), Conditions.READY).stream())
                        .peek(found::set)
                        .anyMatch(ready -> reason.equals(ready.getReason())));
        return found.get();
    }

    private static boolean erases(IngestionRun run) {
        return run.getSpec() != null && "Erase".equals(run.getSpec().mode());
    }

    private static List<RunSpecification> done(Declared declared, RunMode mode) {
        return workers.done(declared.namespace()).stream()
                .filter(run -> run.mode() == mode)
                .toList();
    }

    private static Declared serving(String purpose) {
        return serving(purpose, "Delete");
    }

    private static Declared serving(String purpose, String deletionPolicy) {
        workers.behave(run -> new Outcome.Success(3));
        var declared = new Declared(TestCluster.get().namespace(purpose));
        declared.cluster(TestCluster.get().elasticsearch().url());
        declared.policy(128);
        declared.corpus("handbook", null, deletionPolicy);
        declared.awaitServing("handbook", 1);
        return declared;
    }

    /** Of the first test vector of RFC 8032. */
    private static String key() {
        var der = HexFormat.of()
                .parseHex(
                        "302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        return "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(der)
                + "\n-----END PRIVATE KEY-----\n";
    }

    private static String routing(Declared declared) {
        var map = client.resources(ConfigMap.class)
                .inNamespace(declared.namespace())
                .withName("search-routing")
                .require();
        return Objects.requireNonNull(map.getData().get("routing.json"));
    }

    private static String elasticsearch(String path) throws Exception {
        var request = HttpRequest.newBuilder(
                        URI.create(TestCluster.get().elasticsearch().url() + path))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
