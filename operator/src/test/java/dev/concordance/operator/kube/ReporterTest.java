package dev.concordance.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.ChunkingPolicy;
import dev.concordance.api.v1alpha1.ChunkingPolicyStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A status is written when it has changed, and what somebody changed meanwhile isn't overlooked. */
final class ReporterTest {
    private static final Duration NEXT = Duration.ofMinutes(1);

    @Test
    void writesNothingWhereNothingIsNew() {
        var end = end(3L, 3L, NEXT);
        assertThat(end.isNoUpdate()).isTrue();
        assertThat(end.getScheduleDelay()).isEqualTo(Optional.of(NEXT.toMillis()));
    }

    @Test
    void looksOnceMoreSoonAfterItHasWritten() {
        var end = end(2L, 3L, NEXT);
        assertThat(end.isPatchStatus()).isTrue();
        assertThat(end.getScheduleDelay()).isEqualTo(Optional.of(1_000L));
        assertThat(end(2L, 3L, Duration.ofMillis(100)).getScheduleDelay()).isEqualTo(Optional.of(100L));
    }

    private static UpdateControl<ChunkingPolicy> end(long before, long after, Duration next) {
        var policy = new ChunkingPolicy();
        policy.setMetadata(new ObjectMetaBuilder()
                .withName("headings")
                .withNamespace("docs")
                .build());
        policy.setStatus(new ChunkingPolicyStatus(before, null));
        var report = new Reporter.Report<>(new ChunkingPolicyStatus(after, null), List.of(), List.of(), Set.of());
        try (var client = new KubernetesClientBuilder().build()) {
            return new Reporter(new EventRecorder(client, Clock.systemUTC()))
                    .end(policy, new ChunkingPolicy(), report, next);
        }
    }
}
