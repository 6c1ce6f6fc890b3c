package dev.concordance.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.Corpus;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions, the transitions between them, and what is told of those. */
final class ConditionsTest {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    @Test
    void movesTheTransitionTimeOnlyWhenTheStatusMoves() {
        var first = Conditions.of(null, List.of(ready(Truth.FALSE, "Building", "0 of 5")), 1L, NOON);
        var later = NOON.plusSeconds(60);
        var second = Conditions.of(first, List.of(ready(Truth.FALSE, "Stale", "old")), 2L, later);
        assertThat(second.getFirst().getLastTransitionTime()).isEqualTo("2026-05-04T12:00:00Z");
        assertThat(second.getFirst().getObservedGeneration()).isEqualTo(2);
        var third = Conditions.of(second, List.of(ready(Truth.TRUE, "Serving", "well")), 2L, later);
        assertThat(third.getFirst().getLastTransitionTime()).isEqualTo("2026-05-04T12:01:00Z");
    }

    @Test
    void tellsOnceOfConditionsThatChangeForTheSameReason() {
        var after = List.of(
                condition("Ready", "False", "ReferenceMissing"),
                condition("Reconciling", "True", "ReferenceMissing"),
                condition("ReferencesResolved", "False", "ReferenceMissing"));
        assertThat(Transition.between(null, after)).extracting(Transition::type).containsExactly("Ready");
        assertThat(Transition.between(after, after)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // type, before, after, reason, is news, is a warning
        "Ready, -, False, BuildingFirst, true, false",
        "Ready, -, False, ReferenceMissing, true, true",
        "Ready, False, True, Serving, true, false",
        "Ready, -, Unknown, ClusterNotReady, false, false",
        "ReferencesResolved, -, True, ReferencesFound, false, false",
        "ReferencesResolved, Unknown, True, ReferencesFound, false, false",
        "ReferencesResolved, False, True, ReferencesFound, true, false",
        "ReferencesResolved, True, False, ReferenceMissing, true, true",
        "Reconciling, True, False, Settled, false, false",
        "Stalled, False, True, InvalidSpec, true, true",
        "Stalled, True, False, Settled, false, false"
    })
    void makesAnEventOfWhatIsNewsAndAWarningOfTrouble(
            String type, String before, String after, String reason, boolean news, boolean warning) {
        var old = before.equals("-") ? null : List.of(condition(type, before, "Other"));
        var transition =
                Transition.between(old, List.of(condition(type, after, reason))).getFirst();
        assertThat(transition.isNews()).isEqualTo(news);
        assertThat(transition.isWarning(Set.of("BuildingFirst"))).isEqualTo(warning);
    }

    @Test
    void shortensMessagesThatNobodyWouldRead() {
        assertThat(new Finding("Ready", Truth.FALSE, "Long", "x".repeat(5_000)).message())
                .hasSize(1_001);
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "8, 5", "12, 6", "60, 30", "200, 60"})
    void waitsLongerTheLongerTroubleLasts(int lasted, int wait) {
        assertThat(Patience.growing(NOON, NOON.plusSeconds(lasted), Duration.ofSeconds(5), Duration.ofSeconds(60)))
                .isEqualTo(Duration.ofSeconds(wait));
    }

    @Test
    void measuresConditionsAndForgetsThemWithTheirObject() {
        var registry = new SimpleMeterRegistry();
        var meters = new ConditionMeters(registry);
        var corpus = new Corpus();
        corpus.setMetadata(new ObjectMetaBuilder()
                .withName("handbook")
                .withNamespace("docs")
                .build());
        meters.update(
                corpus, List.of(condition("Ready", "True", "Serving"), condition("Fresh", "Unknown", "NothingServed")));
        meters.update(corpus, List.of(condition("Ready", "False", "Stale"), condition("Fresh", "False", "Stale")));
        assertThat(registry.getMeters()).hasSize(2);
        assertThat(registry.get("concordance.condition")
                        .tag("condition", "Ready")
                        .gauge()
                        .value())
                .isZero();
        meters.remove("Corpus", new ResourceID("handbook", "docs"));
        assertThat(registry.getMeters()).isEmpty();
    }

    private static Finding ready(Truth truth, String reason, String message) {
        return new Finding(Conditions.READY, truth, reason, message);
    }

    private static Condition condition(String type, String status, String reason) {
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage("a sentence")
                .build();
    }
}
