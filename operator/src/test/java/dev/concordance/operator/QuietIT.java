package dev.concordance.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.localcluster.servers.RecordingProxy;
import dev.concordance.operator.testing.Audit;
import dev.concordance.operator.testing.Declared;
import dev.concordance.operator.testing.FakeWorkers;
import dev.concordance.operator.testing.OperatorProcess;
import dev.concordance.operator.testing.TestCluster;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An operator with nothing to do changes nothing: counted in the API server's audit log and in front of Elasticsearch. */
final class QuietIT {
    /** Several checks of the SearchCluster and looks at the Corpus fall into it, since both are asked every two seconds. */
    private static final Duration A_WHILE = Duration.ofSeconds(12);

    private FakeWorkers workers;
    private RecordingProxy elasticsearch;
    private Declared declared;
    private OperatorProcess operator;

    @BeforeEach
    void serve() {
        workers = FakeWorkers.start();
        elasticsearch = RecordingProxy.start(TestCluster.get().elasticsearch().url());
        declared = new Declared(TestCluster.get().namespace("quiet"));
        operator = start();
        declared.cluster(elasticsearch.url());
        declared.policy(128);
        declared.corpus("handbook");
        declared.queryServer(1, 3);
        declared.awaitServing("handbook", 1);
        Declared.await("all is told").until(() -> {
            var audit = TestCluster.get().audit();
            return !changedWithin(audit, Duration.ofSeconds(3));
        });
    }

    @AfterEach
    void stop() {
        operator.close();
        workers.close();
        elasticsearch.close();
    }

    @Test
    void changesNothingWhileNothingChanges() {
        elasticsearch.forget();
        var audit = TestCluster.get().audit();
        assertThat(changedWithin(audit, A_WHILE)).as(audit.changes().toString()).isFalse();
        assertThat(elasticsearch.calls()).isNotEmpty();
        assertThat(elasticsearch.writes()).isEmpty();
        assertThat(looksForTheTracer()).as("nobody has written another").isZero();
    }

    @Test
    void changesNothingWhenItIsKilledAndStartedAgain() {
        elasticsearch.forget();
        var audit = TestCluster.get().audit();
        operator.kill();
        operator = start();
        Declared.await("the cluster is asked")
                .until(() -> !elasticsearch.calls().isEmpty());
        assertThat(changedWithin(audit, A_WHILE)).as(audit.changes().toString()).isFalse();
        assertThat(elasticsearch.writes()).isEmpty();
        assertThat(looksForTheTracer()).isOne();
    }

    private long looksForTheTracer() {
        return elasticsearch.count(call -> call.isTo("/_msearch"));
    }

    private OperatorProcess start() {
        return OperatorProcess.leading(OperatorProcess.options("quiet")
                .watching(declared.namespace())
                .with("concordance.elasticsearch.check-interval", "2s")
                .with("concordance.resync", "2s"));
    }

    /** Waits for a change that should not come; ends early if it does. */
    private static boolean changedWithin(Audit audit, Duration time) {
        try {
            Awaitility.await().atMost(time).until(() -> !audit.changes().isEmpty());
            return true;
        } catch (org.awaitility.core.ConditionTimeoutException none) {
            return false;
        }
    }
}
