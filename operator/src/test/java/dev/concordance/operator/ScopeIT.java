package dev.concordance.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.ChunkingPolicy;
import dev.concordance.operator.testing.ApiProxy;
import dev.concordance.operator.testing.CrashPoint.Passage;
import dev.concordance.operator.testing.Declared;
import dev.concordance.operator.testing.FakeWorkers;
import dev.concordance.operator.testing.OperatorProcess;
import dev.concordance.operator.testing.TestCluster;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where an operator works, with no more rights than the chart gives it there, and which of several does. */
final class ScopeIT {
    /** Shorter than a lease that nobody gives back would last. */
    private static final Duration AT_ONCE = Duration.ofSeconds(12);

    private static KubernetesClient client;
    private static FakeWorkers workers;

    @BeforeAll
    static void start() {
        client = TestCluster.get().client();
        workers = FakeWorkers.start();
    }

    @AfterAll
    static void stop() {
        workers.close();
    }

    @Test
    void worksInListedNamespacesAndInNoOther() {
        var one = declared("listed");
        var other = declared("listed");
        var elsewhere = declared("unlisted");
        var rights = TestCluster.get()
                .chartRights(
                        TestCluster.SYSTEM,
                        "watch.scope=listed",
                        "watch.namespaces={" + one.namespace() + "," + other.namespace() + "}");
        declare(elsewhere);
        var options = OperatorProcess.options(TestCluster.CHART_OPERATOR)
                .connecting(rights)
                .watching(one.namespace(), other.namespace());
        try (var operator = OperatorProcess.leading(options)) {
            declare(one);
            declare(other);
            live(one);
            live(other);
            assertUntouched(elsewhere);
            assertThat(operator.stop()).isEqualTo(143);
            assertThat(operator.output()).doesNotContainIgnoringCase("forbidden");
            assertThat(lease(TestCluster.CHART_OPERATOR).require().getSpec().getHolderIdentity())
                    .isNull();
        }
    }

    @Test
    void worksInItsOwnNamespaceOnly() {
        var own = declared("own");
        var elsewhere = declared("unowned");
        var rights = TestCluster.get().chartRights(own.namespace(), "watch.scope=own");
        declare(elsewhere);
        var options = OperatorProcess.options(TestCluster.CHART_OPERATOR)
                .with("concordance.leader-election.namespace", own.namespace())
                .connecting(rights)
                .watching(own.namespace());
        try (var operator = OperatorProcess.leading(options)) {
            declare(own);
            live(own);
            assertUntouched(elsewhere);
            assertThat(operator.output()).doesNotContainIgnoringCase("forbidden");
        }
    }

    @Test
    void givesTheLeaseBackWhenItIsStopped() {
        var declared = declared("stopped");
        var options = OperatorProcess.options("stopped").watching(declared.namespace());
        try (var first = OperatorProcess.leading(options);
                var second = standingBy(options)) {
            declared.policy(128);
            awaitUsable(declared, 128);
            assertThat(second.isLeading()).isFalse();
            assertThat(first.stop()).isEqualTo(143);
            Declared.await("the second leads").atMost(AT_ONCE).until(second::isLeading);
            declared.policy(64);
            awaitUsable(declared, 64);
        }
    }

    @Test
    void endsByItselfWhenItLosesTheLeaseAndBeforeTheNextOneLeads() {
        var declared = declared("lost");
        try (var network = ApiProxy.start(change -> Passage.FREE);
                var first = OperatorProcess.leading(OperatorProcess.options("lost")
                        .connecting(network.kubeconfig())
                        .watching(declared.namespace()));
                var second = standingBy(OperatorProcess.options("lost").watching(declared.namespace()))) {
            network.fail();
            assertThat(first.awaitEnd()).isEqualTo(1);
            assertThat(second.isLeading()).isFalse();
            Declared.await("the second leads").until(second::isLeading);
            declared.policy(128);
            awaitUsable(declared, 128);
            takeLease("lost");
            assertThat(second.awaitEnd()).isEqualTo(1);
        }
    }

    private static Declared declared(String purpose) {
        return new Declared(TestCluster.get().namespace(purpose));
    }

    private static void declare(Declared declared) {
        declared.cluster(TestCluster.get().elasticsearch().url());
        declared.policy(128);
        declared.model();
        declared.corpus("handbook");
        declared.queryServer(1, 3);
    }

    /** From the first generation over a second one and an autoscaler less to the end. */
    private static void live(Declared declared) {
        declared.awaitServing("handbook", 1);
        Declared.await("an autoscaler").until(() -> hasAutoscaler(declared));
        declared.queryServer(1, 1);
        Declared.await("no autoscaler").until(() -> !hasAutoscaler(declared));
        declared.policy(64);
        declared.awaitServing("handbook", 2);
        assertThat(client.v1().events().inNamespace(declared.namespace()).list().getItems())
                .anyMatch(event -> event.getReason().equals("Serving"));
        var corpus = declared.corpusNow("handbook");
        client.resource(corpus).delete();
        declared.awaitGone(corpus);
    }

    private static boolean hasAutoscaler(Declared declared) {
        return client.resources(HorizontalPodAutoscaler.class)
                        .inNamespace(declared.namespace())
                        .withName("search")
                        .get()
                != null;
    }

    private static void assertUntouched(Declared declared) {
        var corpus = declared.corpusNow("handbook");
        assertThat(corpus.getStatus()).isNull();
        assertThat(corpus.getMetadata().getFinalizers()).isEmpty();
        assertThat(declared.runs()).isEmpty();
        assertThat(client.apps()
                        .deployments()
                        .inNamespace(declared.namespace())
                        .list()
                        .getItems())
                .isEmpty();
    }

    private static void awaitUsable(Declared declared, int tokens) {
        Declared.await("a policy with " + tokens).until(() -> {
            var status = client.resources(ChunkingPolicy.class)
                    .inNamespace(declared.namespace())
                    .withName("headings")
                    .require()
                    .getStatus();
            return status != null && status.toString().contains("at most " + tokens + " tokens");
        });
    }

    private static OperatorProcess standingBy(OperatorProcess.Options options) {
        var started = options.start();
        Declared.await("stands by").until(() -> started.output().contains("leader="));
        return started;
    }

    private static void takeLease(String name) {
        lease(name)
                .edit(lease -> new LeaseBuilder(lease)
                        .editSpec()
                        .withHolderIdentity("somebody else")
                        .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                        .endSpec()
                        .build());
    }

    private static Resource<Lease> lease(String name) {
        return client.resources(Lease.class).inNamespace(TestCluster.SYSTEM).withName(name);
    }
}
