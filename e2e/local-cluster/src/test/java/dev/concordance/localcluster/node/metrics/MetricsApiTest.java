package dev.concordance.localcluster.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MetricsApiTest {
    private static final String ROOT = "/apis/metrics.k8s.io/v1beta1";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final MetricsApi metrics = new MetricsApi(
            "local-0",
            () -> List.of(
                    measured("docs", "web-1", "web"),
                    measured("docs", "other", "other"),
                    measured("etc", "web-1", "web")));

    @Test
    void tellsOfAPodFromItsSecondMeasurementOn() {
        metrics.sample(NOW);
        assertThat(items("/pods", "")).isEmpty();

        metrics.sample(NOW.plusSeconds(5));

        assertThat(items("/pods", "")).hasSize(3);
        assertThat(metrics.answer(ROOT + "/namespaces/docs/pods/web-1", Map.of())
                        .orElseThrow())
                .containsEntry("kind", "PodMetrics")
                .containsEntry("window", "5000ms")
                .containsEntry("timestamp", "2026-01-01T00:00:05Z");
        assertThat(metrics.answer(ROOT + "/nodes/local-0", Map.of())).isPresent();
    }

    @Test
    void selectsByNamespaceAndLabels() {
        metrics.sample(NOW);
        metrics.sample(NOW.plusSeconds(5));

        assertThat(items("/namespaces/docs/pods", "")).hasSize(2);
        assertThat(items("/namespaces/docs/pods", "app=web,tier=x")).hasSize(1);
        assertThat(items("/pods", "app=web")).hasSize(2);
        assertThat(items("/pods", "app=none")).isEmpty();
        assertThatThrownBy(() -> items("/pods", "app in (web)")).hasMessageContaining("name=value");
    }

    @Test
    void hasNothingElse() {
        for (var path : List.of("/nodes/other", "/services", "/namespaces/docs/pods/none", "/namespaces/docs")) {
            assertThat(metrics.answer(ROOT + path, Map.of())).as(path).isEmpty();
        }
        assertThat(metrics.answer("/apis/apps/v1", Map.of())).isEmpty();
        assertThat(metrics.answer(ROOT, Map.of())).isPresent();
    }

    @Test
    void countsWhatWasUsedInBetween() {
        var before = new Usage(NOW, Duration.ofSeconds(10), 0);
        var after = new Usage(NOW.plusSeconds(4), Duration.ofSeconds(11), 0);

        assertThat(after.nanocores(before)).isEqualTo(250_000_000);
        assertThat(new Usage(NOW.plusSeconds(4), Duration.ZERO, 0).nanocores(before))
                .isZero();
        assertThat(before.nanocores(before)).isZero();
    }

    private List<?> items(String path, String selector) {
        var answer = metrics.answer(ROOT + path, Map.of("labelSelector", selector));
        return (List<?>) Objects.requireNonNull(answer.orElseThrow().get("items"));
    }

    private static MetricsApi.Measured measured(String namespace, String name, String app) {
        return new MetricsApi.Measured(pod(namespace, name, app), Map.of("main", List.of(ProcessHandle.current())));
    }

    private static Pod pod(String namespace, String name, String app) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withUid(namespace + name)
                .withLabels(Map.of("app", app, "tier", "x"))
                .endMetadata()
                .build();
    }
}
