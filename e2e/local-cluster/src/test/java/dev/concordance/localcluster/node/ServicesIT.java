package dev.concordance.localcluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerStatus;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods behind a Service, and as many as their load wants. */
@ExtendWith(TestNode.Shared.class)
class ServicesIT {
    private final TestNode node;
    private TestNamespace here;

    ServicesIT(TestNode node) {
        this.node = node;
    }

    @BeforeEach
    void makeNamespace(TestInfo test) {
        here = node.namespace(test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT));
    }

    @Test
    void runsADeploymentBehindItsService() throws IOException {
        here.deploy(2);
        var url = here.serviceUrl("web");
        here.await(
                "both pods to be asked in turn",
                () -> !TestNamespace.get(url, "/name").equals(TestNamespace.get(url, "/name")));

        var left = TestNamespace.get(url, "/unready");

        here.await("one of two pods to be left out", () -> here.readyPods() == 1);
        here.await(
                "the Service to leave it out too",
                () -> !List.of(TestNamespace.get(url, "/name"), TestNamespace.get(url, "/name"))
                        .contains(left));
    }

    @Test
    void letsTheAutoscalerSeeWhatPodsUse() throws IOException {
        here.deploy(1);
        here.apply("""
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: web}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                  minReplicas: 1
                  maxReplicas: 2
                  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
                """);
        here.await(
                "the autoscaler to be active",
                () -> node.client()
                                        .autoscaling()
                                        .v2()
                                        .horizontalPodAutoscalers()
                                        .inNamespace(here.name())
                                        .withName("web")
                                        .get()
                                        .getStatus()
                                instanceof HorizontalPodAutoscalerStatus status
                        && status.getCurrentMetrics() != null
                        && status.getCurrentMetrics().stream().anyMatch(m -> m.getResource() != null));
        assertThat(node.client().top().pods().inNamespace(here.name()).metrics().getItems())
                .hasSize(1);
        assertThat(node.client().top().nodes().metrics(NodeAgentProcess.NODE).getUsage())
                .containsKeys("cpu", "memory");

        TestNamespace.get(here.serviceUrl("web"), "/burn");

        here.await("a second pod", () -> here.readyPods() == 2);
    }
}
