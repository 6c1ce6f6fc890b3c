package dev.concordance.operator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.manifest.Privacy.Kind;
import dev.concordance.manifest.RunMode;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.RunReport.Counts;
import dev.concordance.manifest.RunReport.Drift;
import dev.concordance.manifest.Spending.Amount;
import dev.concordance.operator.corpus.RunPhase;
import dev.concordance.operator.testing.MetricsPage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is counted of runs that have ended. */
final class RunMetersTest {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Set<String> corpora = new HashSet<>(Set.of("docs/handbook", "docs/manual"));
    private final RunMeters meters = new RunMeters(registry);

    @Test
    void addsUpWhatWasFoundByKind() {
        meters.found(Map.of(Kind.Email, 3L, Kind.Secret, 1L));
        meters.found(Map.of(Kind.Email, 2L));
        assertThat(count("concordance.runs.findings", "kind", "Email")).isEqualTo(5);
        assertThat(count("concordance.runs.findings", "kind", "Secret")).isEqualTo(1);
    }

    @Test
    void addsUpWhatVerificationsHaveRepairedByKind() {
        meters.ended("docs/handbook", succeeded(), report(null, new Drift(3, 1, 7, List.of())));
        meters.ended("docs/manual", succeeded(), report(null, new Drift(2, 0, 0, List.of())));
        meters.ended("docs/manual", succeeded(), report(null, null));
        assertThat(count("concordance.drift", "kind", "damaged")).isEqualTo(5);
        assertThat(count("concordance.drift", "kind", "overlooked")).isEqualTo(1);
        assertThat(count("concordance.drift", "kind", "orphaned")).isEqualTo(7);
        assertThat(registry.get("concordance.runs.ended")
                        .tag("phase", "Succeeded")
                        .tag("reason", "Succeeded")
                        .counter()
                        .count())
                .isEqualTo(3);
    }

    @Test
    void addsUpWhatRunsHaveSpentByCorpusAndForgetsTheOnesThatAreGone() {
        meters.keep(corpora::contains);
        meters.ended("docs/handbook", succeeded(), report(new Amount(3, 1_000, "0.02", "EUR"), null));
        meters.ended("docs/handbook", succeeded(), report(new Amount(1, 500, "0.01", "EUR"), null));
        meters.ended("docs/manual", succeeded(), report(new Amount(7, 70, "0", null), null));
        meters.ended("docs/manual", succeeded(), Optional.empty());
        assertThat(spent("requests", "handbook")).isEqualTo(4);
        assertThat(spent("tokens", "handbook")).isEqualTo(1_500);
        assertThat(spent("money", "handbook")).isEqualTo(0.03);
        assertThat(registry.get("concordance.runs.embedding.money").meters())
                .as("nothing is counted in money without a price")
                .singleElement()
                .satisfies(meter -> assertThat(meter.getId().getTag("currency")).isEqualTo("EUR"));
        assertThat(spent("requests", "manual")).isEqualTo(7);

        corpora.remove("docs/handbook");
        meters.ended("docs/manual", succeeded(), Optional.empty());
        assertThat(registry.find("concordance.runs.embedding.tokens").counters())
                .singleElement()
                .satisfies(meter -> assertThat(meter.getId().getTag("corpus")).isEqualTo("manual"));
        assertThat(registry.find("concordance.runs.embedding.money").counters()).isEmpty();
    }

    @Test
    void isDescribed() {
        meters.found(Map.of(Kind.Email, 1L));
        meters.ended("docs/handbook", succeeded(), report(new Amount(1, 1, "1", "EUR"), new Drift(1, 1, 1, List.of())));
        MetricsPage.describes(registry);
    }

    private double count(String name, String label, String value) {
        return registry.get(name).tag(label, value).counter().count();
    }

    private double spent(String what, String corpus) {
        return registry.get("concordance.runs.embedding." + what)
                .tag("namespace", "docs")
                .tag("corpus", corpus)
                .counter()
                .count();
    }

    private static RunPlan succeeded() {
        return new RunPlan(List.of(), RunPhase.Succeeded, "Succeeded", "done", false, Optional.of(NOON));
    }

    private static Optional<RunReport> report(@Nullable Amount spent, @Nullable Drift drift) {
        return Optional.of(new RunReport(
                "handbook-3",
                2,
                RunMode.Verify,
                RunReport.Phase.Succeeded,
                7,
                NOON,
                NOON,
                NOON,
                NOON,
                Counts.NONE,
                spent,
                Map.of(),
                drift,
                List.of(),
                null));
    }
}
