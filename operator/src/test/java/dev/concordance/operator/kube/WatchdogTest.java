package dev.concordance.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.ChunkingPolicy;
import dev.concordance.api.v1alpha1.ChunkingPolicyStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An object whose new spec is never told of is reconciled by and by. */
final class WatchdogTest {
    private static final Instant START = Instant.parse("2026-05-04T12:00:00Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Watchdog watchdog = new Watchdog(meters, Duration.ofMinutes(2));
    private final List<ResourceID> woken = new ArrayList<>();
    private final List<ChunkingPolicy> policies = new ArrayList<>();

    @BeforeEach
    void guard() {
        var signals = new Signals<ChunkingPolicy>(gone -> {});
        signals.setEventHandler((Event event) -> woken.add(event.getRelatedCustomResourceID()));
        signals.start();
        watchdog.guard(
                ChunkingPolicy.class, new FakeCache(policies), signals, ChunkingPolicyStatus::observedGeneration);
    }

    @Test
    void leavesAloneWhatIsToldOf() {
        policies.add(policy(3, 3L));
        look(0, 200);
        assertThat(woken).isEmpty();
    }

    @Test
    void wakesWhatWasOverlookedAndCountsIt() {
        assertThat(overlooked()).isZero();
        policies.add(policy(3, 2L));
        look(0, 60);
        assertThat(woken).isEmpty();
        look(121);
        assertThat(woken).containsExactly(new ResourceID("headings", "docs"));
        look(150);
        assertThat(woken).hasSize(1);
        look(250);
        assertThat(woken).hasSize(2);
        assertThat(overlooked()).isEqualTo(2);
    }

    @Test
    void wakesWhatHasNeverBeenToldOf() {
        policies.add(policy(1, null));
        look(0, 121);
        assertThat(woken).hasSize(1);
    }

    @Test
    void givesEverySpecItsTime() {
        policies.add(policy(3, 2L));
        look(0, 100);
        policies.set(0, policy(4, 2L));
        look(130, 200);
        assertThat(woken).isEmpty();
    }

    private double overlooked() {
        return meters.get("concordance.overlooked")
                .tag("kind", "chunkingpolicy")
                .counter()
                .count();
    }

    private void look(int... seconds) {
        for (var second : seconds) {
            watchdog.look(START.plusSeconds(second));
        }
    }

    private static ChunkingPolicy policy(long generation, @Nullable Long observed) {
        var policy = new ChunkingPolicy();
        policy.setMetadata(new ObjectMetaBuilder()
                .withName("headings")
                .withNamespace("docs")
                .withUid("uid")
                .withGeneration(generation)
                .build());
        policy.setStatus(observed == null ? null : new ChunkingPolicyStatus(observed, null));
        return policy;
    }

    private record FakeCache(List<ChunkingPolicy> policies) implements IndexerResourceCache<ChunkingPolicy> {
        @Override
        public Optional<ChunkingPolicy> get(ResourceID id) {
            return Optional.empty();
        }

        @Override
        public Stream<ResourceID> keys() {
            return policies.stream().map(ResourceID::fromResource);
        }

        @Override
        public Stream<ChunkingPolicy> list(String namespace, Predicate<ChunkingPolicy> predicate) {
            return list(predicate);
        }

        @Override
        public Stream<ChunkingPolicy> list(Predicate<ChunkingPolicy> predicate) {
            return policies.stream().filter(predicate);
        }

        @Override
        public void addIndexers(Map<String, Function<ChunkingPolicy, List<String>>> indexers) {}

        @Override
        public List<ChunkingPolicy> byIndex(String index, String key) {
            return List.of();
        }
    }
}
