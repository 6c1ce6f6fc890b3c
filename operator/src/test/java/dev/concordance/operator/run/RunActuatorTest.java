package dev.concordance.operator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.operator.cluster.KnownCluster;
import dev.concordance.operator.corpus.RunPhase;
import dev.concordance.operator.elastic.BackendException;
import dev.concordance.operator.kube.StepLog;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a plan of which a step is not done. */
final class RunActuatorTest {
    private final KnownCluster cluster = new KnownCluster();

    @Test
    void startsNothingAndTellsWhyWhereElasticsearchDoesNotForgetErasures() {
        cluster.backend.failWith(new BackendException(BackendException.Obstacle.UNREACHABLE, "no route to host"));
        var job = RunPlannerTest.launched(1);
        var names = job.specification().names();
        var forget = new RunStep.ForgetErasures(cluster.connection, names, List.of("uid-1"));
        var plan = new RunPlan(
                List.of(forget, new RunStep.StartJob(job)), RunPhase.Starting, "Starting", "", false, Optional.empty());
        try (var client =
                new KubernetesClientBuilder().withConfig(Config.empty()).build()) {
            var registry = new SimpleMeterRegistry();
            var done =
                    new RunActuator(client, cluster.connections, new StepLog(registry)).act(new IngestionRun(), plan);
            assertThat(done.phase()).isEqualTo(RunPhase.Queued);
            assertThat(done.reason()).isEqualTo("ElasticsearchUnreachable");
            assertThat(done.message()).contains("no route to host");
            assertThat(registry.getMeters()).as("steps that were done").isEmpty();
        }
        assertThat(cluster.doubts()).isEqualTo(1);
    }
}
