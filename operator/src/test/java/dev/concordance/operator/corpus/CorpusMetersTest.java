package dev.concordance.operator.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.api.v1alpha1.CorpusStatus.ChangeToSearchable;
import dev.concordance.operator.freshness.ServiceLevel;
import dev.concordance.operator.testing.MetricsPage;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CorpusMetersTest {
    private static final String SECONDS = "concordance.corpus.change.to.searchable.seconds";
    private static final String DOCUMENTS = "concordance.corpus.change.to.searchable.documents";
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
    private static final Offset<Double> EXACTLY = Offset.offset(1e-9);

    /** 15 minutes in 99 % of a week: a budget of 6,048 s. */
    private static final ServiceLevel LEVEL =
            new ServiceLevel(Duration.ofMinutes(15), new BigDecimal("99"), Duration.ofDays(7));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Instant now = NOON;
    private final CorpusMeters meters = new CorpusMeters(registry, new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    });

    private static Corpus handbook() {
        var corpus = new Corpus();
        corpus.setMetadata(new ObjectMetaBuilder()
                .withName("handbook")
                .withNamespace("docs")
                .build());
        return corpus;
    }

    private void tell(@Nullable ChangeToSearchable changes) {
        var freshness = new CorpusStatus.Freshness(NOON.toString(), null, "1.00", null, changes, null);
        var status =
                new CorpusStatus(null, null, null, null, null, null, freshness, null, null, null, null, null, null);
        meters.update(handbook(), status, Optional.empty(), Optional.empty());
    }

    private double seconds(String quantile) {
        return registry.get(SECONDS)
                .tag("corpus", "handbook")
                .tag("namespace", "docs")
                .tag("quantile", quantile)
                .gauge()
                .value();
    }

    private double value(String name) {
        return registry.get("concordance.corpus." + name)
                .tag("corpus", "handbook")
                .tag("namespace", "docs")
                .gauge()
                .value();
    }

    private double burnRate(String window) {
        return registry.get("concordance.corpus.error.budget.burn.rate")
                .tag("window", window)
                .gauge()
                .value();
    }

    @Test
    void measuresHowLongChangesTookAndNothingWhereNoneIsTold() {
        tell(new ChangeToSearchable(412L, "840ms", "1912ms", "755s", NOON.toString()));
        assertThat(registry.get(DOCUMENTS).gauge().value()).isEqualTo(412);
        assertThat(seconds("0.5")).isEqualTo(0.84);
        assertThat(seconds("0.95")).isEqualTo(1.912);
        assertThat(seconds("0.99")).isEqualTo(755);
        tell(null);
        assertThat(registry.get(DOCUMENTS).gauge().value()).isNaN();
        assertThat(seconds("0.99")).isNaN();
        meters.remove(ResourceID.fromResource(handbook()));
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void measuresWhatARemoteModelHasCostThisMonthAndNothingWhereNoneIsTold() {
        var cost = new CorpusStatus.Cost("2026-05", 42L, 12_345L, "0.30725", "EUR", "1.5", "25");
        meters.update(
                handbook(),
                new CorpusStatus(null, null, null, null, null, null, null, null, null, null, cost, null, null),
                Optional.empty(),
                Optional.empty());
        assertThat(value("embedding.requests.month")).isEqualTo(42);
        assertThat(value("embedding.tokens.month")).isEqualTo(12_345);
        assertThat(value("embedding.money.month")).isEqualTo(0.30725);
        assertThat(value("model.money.month")).isEqualTo(1.5);
        assertThat(value("model.budget")).isEqualTo(25);
        var unpriced = new CorpusStatus.Cost("2026-05", 43L, 12_400L, null, null, null, null);
        meters.update(
                handbook(),
                new CorpusStatus(null, null, null, null, null, null, null, null, null, null, unpriced, null, null),
                Optional.empty(),
                Optional.empty());
        assertThat(value("embedding.requests.month")).isEqualTo(43);
        assertThat(List.of(value("embedding.money.month"), value("model.money.month"), value("model.budget")))
                .allMatch(number -> number.isNaN());
    }

    @Test
    void measuresTheErrorBudgetWithTheClockWhileAnswersAreTooOld() {
        // Half an hour of yesterday is used up; answers are too old since 100 s.
        var breach = new CorpusStatus.Breach(
                NOON.minus(Duration.ofHours(24)).toString(),
                NOON.minus(Duration.ofHours(24)).plusSeconds(1_800).toString(),
                1_800L);
        var freshAsOf = NOON.minusSeconds(900 + 100);
        var freshness = new CorpusStatus.Freshness(freshAsOf.toString(), null, "0.68", List.of(breach), null, null);
        meters.update(
                handbook(),
                new CorpusStatus(null, null, null, null, null, null, freshness, null, null, null, null, null, null),
                Optional.of(LEVEL),
                Optional.of(freshAsOf.plusMillis(250)));
        assertThat(value("staleness.seconds")).isEqualTo(999.75);
        assertThat(value("max.staleness.seconds")).isEqualTo(900);
        assertThat(value("error.budget.remaining.ratio")).isCloseTo(1 - 1_900 / 6_048.0, EXACTLY);
        assertThat(burnRate("5m")).isCloseTo(100 / 300.0 / 0.01, EXACTLY);
        assertThat(burnRate("30m")).isCloseTo(100 / 1_800.0 / 0.01, EXACTLY);
        assertThat(burnRate("1h")).isCloseTo(100 / 3_600.0 / 0.01, EXACTLY);
        assertThat(burnRate("6h")).isCloseTo(100 / 21_600.0 / 0.01, EXACTLY);

        now = NOON.plusSeconds(4_448);
        assertThat(value("error.budget.remaining.ratio"))
                .as("it goes on between two looks, and below zero")
                .isCloseTo(1 - 6_348 / 6_048.0, EXACTLY);
        assertThat(burnRate("5m")).as("all of the time").isCloseTo(100, EXACTLY);
        assertThat(burnRate("6h")).isCloseTo(4_548 / 21_600.0 / 0.01, EXACTLY);
    }

    @Test
    void hasAllOfItsBudgetWhileAnswersAreFreshAndNoneWhereNothingServes() {
        var freshness = new CorpusStatus.Freshness(NOON.toString(), null, "1.00", null, null, null);
        meters.update(
                handbook(),
                new CorpusStatus(null, null, null, null, null, null, freshness, null, null, null, null, null, null),
                Optional.of(LEVEL),
                Optional.empty());
        now = NOON.plusSeconds(900);
        assertThat(value("error.budget.remaining.ratio")).isEqualTo(1);
        assertThat(burnRate("5m")).isZero();
        assertThat(value("staleness.seconds")).isEqualTo(900);
        meters.update(
                handbook(),
                new CorpusStatus(null, null, null, null, null, null, null, null, null, null, null, null, null),
                Optional.of(LEVEL),
                Optional.empty());
        assertThat(value("error.budget.remaining.ratio")).isNaN();
        assertThat(burnRate("5m")).isNaN();
    }

    @Test
    void isDescribed() {
        tell(null);
        assertThat(registry.getMeters()).hasSizeGreaterThan(20);
        MetricsPage.describes(registry);
    }
}
