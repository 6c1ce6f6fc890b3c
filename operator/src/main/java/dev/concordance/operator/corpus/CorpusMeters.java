package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.api.v1alpha1.CorpusStatus.ChangeToSearchable;
import dev.concordance.api.v1alpha1.CorpusStatus.Cost;
import dev.concordance.operator.freshness.ErrorBudget;
import dev.concordance.operator.freshness.ServiceLevel;
import dev.concordance.operator.kube.Defaults;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Gauges of what corpora hold and how old it is. They go with their Corpus. */
final class CorpusMeters {
    /** Pairs of a long window and a twelfth of it, as multi-window alerts want them. */
    private static final Map<String, Duration> BURN_WINDOWS = Map.of(
            "5m",
            Duration.ofMinutes(5),
            "30m",
            Duration.ofMinutes(30),
            "1h",
            Duration.ofHours(1),
            "6h",
            Duration.ofHours(6));

    private static final Map<String, Function<ChangeToSearchable, @Nullable String>> QUANTILES = Map.of(
            "0.5", ChangeToSearchable::p50,
            "0.95", ChangeToSearchable::p95,
            "0.99", ChangeToSearchable::p99);

    private static final double MILLIS_A_SECOND = 1_000;

    private final MeterRegistry registry;
    private final Clock clock;
    private final Map<ResourceID, Told> told = new ConcurrentHashMap<>();

    CorpusMeters(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    private record Told(AtomicReference<Facts> facts, List<Meter> meters) {}

    /** @param freshAsOf to the millisecond, which a status doesn't tell; empty where Elasticsearch doesn't tell now */
    private record Facts(CorpusStatus status, Optional<ServiceLevel> level, Optional<Instant> freshAsOf) {
        /** As the status tells it, so that it goes on with the clock between two looks. */
        Optional<ErrorBudget> budget() {
            return level.flatMap(promised -> Optional.ofNullable(status.freshness())
                    .filter(told -> told.freshAsOf() != null)
                    .map(told -> new ErrorBudget(
                            promised,
                            FreshnessHistory.breaches(told),
                            Optional.ofNullable(told.freshAsOf()).map(Instant::parse))));
        }
    }

    /** Tells what is true of a corpus now. */
    void update(Corpus corpus, CorpusStatus status, Optional<ServiceLevel> level, Optional<Instant> freshAsOf) {
        told.computeIfAbsent(ResourceID.fromResource(corpus), this::register)
                .facts()
                .set(new Facts(status, level, freshAsOf));
    }

    /** Forgets a corpus that is gone. */
    void remove(ResourceID gone) {
        var removed = told.remove(gone);
        if (removed != null) {
            removed.meters().forEach(registry::remove);
        }
    }

    private Told register(ResourceID corpus) {
        var nothing = new Facts(
                new CorpusStatus(null, null, null, null, null, null, null, null, null, null, null, null, null),
                Optional.empty(),
                Optional.empty());
        var added = new Told(new AtomicReference<>(nothing), new ArrayList<>());
        served(added, corpus);
        freshness(added, corpus);
        cost(added, corpus);
        return added;
    }

    private void served(Told added, ResourceID corpus) {
        gauge(added, corpus, "documents", "Documents that are searchable", serving(CorpusStatus.Serving::documents));
        gauge(added, corpus, "chunks", "Chunks that are searchable", serving(CorpusStatus.Serving::chunks));
        gauge(added, corpus, "quarantined", "Documents in quarantine", serving(CorpusStatus.Serving::quarantined));
        gauge(
                added,
                corpus,
                "pending.embeddings",
                "Chunks that are found by their words only, since the model refuses them",
                serving(found -> Defaults.or(found.pendingEmbeddings(), 0L)));
        gauge(
                added,
                corpus,
                "withheld.deletions",
                "Documents that have disappeared and stay searchable until their deletion is approved",
                counted(CorpusMeters::withheld));
        gauge(added, corpus, "hidden", "Documents that nobody may see", counted(CorpusMeters::hidden));
        gauge(
                added,
                corpus,
                "ann.recall.ratio",
                "Share of the ten nearest passages that searches of vectors find",
                serving(found -> found.annRecall() == null
                        ? null
                        : decimal(found.annRecall().recall())));
        gauge(added, corpus, "generation", "The generation that serves", serving(CorpusStatus.Serving::generation));
    }

    private void freshness(Told added, ResourceID corpus) {
        gauge(added, corpus, "staleness.seconds", "Age of what is searchable", this::staleness);
        gauge(
                added,
                corpus,
                "max.staleness.seconds",
                "The age that is allowed",
                facts -> facts.level().map(level -> level.maxStaleness().toSeconds()));
        gauge(
                added,
                corpus,
                "tracer.age.seconds",
                "Age of the tracer that a search through the alias found last",
                facts -> tracer(facts).map(this::age));
        gauge(
                added,
                corpus,
                "tracer.missing",
                "1: a search through the alias doesn't find the tracer that the ledger speaks of; 0: it does",
                CorpusMeters::tracerMissing);
        gauge(
                added,
                corpus,
                "error.budget.remaining.ratio",
                "Share of the error budget that is left; below 0 the objective is missed",
                facts -> facts.budget().map(budget -> budget.remaining(clock.instant())));
        latencies(added, corpus);
        BURN_WINDOWS.forEach((name, within) -> gauge(
                added,
                corpus,
                "error.budget.burn.rate",
                "How many times faster than the objective allows the error budget was used up within the window",
                facts -> facts.budget().map(budget -> budget.burnRate(within, clock.instant())),
                Tag.of("window", name)));
    }

    private void latencies(Told added, ResourceID corpus) {
        gauge(
                added,
                corpus,
                "change.to.searchable.documents",
                "Documents that were added or changed within the window, and whose source says when",
                latency(ChangeToSearchable::documents));
        QUANTILES.forEach((quantile, percentile) -> gauge(
                added,
                corpus,
                "change.to.searchable.seconds",
                "How long these changes took until searches found them; right within 5 %",
                latency(told -> ChangeLatencies.seconds(percentile.apply(told)).orElse(null)),
                Tag.of("quantile", quantile)));
    }

    private void cost(Told added, ResourceID corpus) {
        gauge(
                added,
                corpus,
                "embedding.requests.month",
                "Requests to the remote model this month",
                cost(Cost::requests));
        gauge(added, corpus, "embedding.tokens.month", "Tokens of these requests", cost(Cost::tokens));
        gauge(added, corpus, "embedding.money.month", "Price of these tokens", cost(cost -> decimal(cost.money())));
        gauge(
                added,
                corpus,
                "model.money.month",
                "What all corpora of the namespace have spent on the model of this one",
                cost(cost -> decimal(cost.modelMoney())));
        gauge(added, corpus, "model.budget", "What they may spend in a month", cost(cost -> decimal(cost.budget())));
    }

    private void gauge(
            Told told,
            ResourceID corpus,
            String name,
            String text,
            Function<Facts, Optional<? extends Number>> value,
            Tag... tags) {
        told.meters()
                .add(Gauge.builder(
                                "concordance.corpus." + name,
                                told.facts(),
                                facts -> value.apply(facts.get())
                                        .map(Number::doubleValue)
                                        .orElse(Double.NaN))
                        .description(text)
                        .tag("namespace", corpus.getNamespace().orElse(""))
                        .tag("corpus", corpus.getName())
                        .tags(List.of(tags))
                        .register(registry));
    }

    /** Nothing is counted of a corpus that doesn't serve. */
    private static Function<Facts, Optional<? extends Number>> counted(ToLongFunction<CorpusStatus> count) {
        return facts -> Optional.ofNullable(facts.status().serving()).map(serving -> count.applyAsLong(facts.status()));
    }

    private static long withheld(CorpusStatus status) {
        var withheld = status.withheldDeletions();
        return withheld == null || withheld.documents() == null ? 0 : withheld.documents();
    }

    private static long hidden(CorpusStatus status) {
        var hidden = status.hidden();
        return hidden == null || hidden.documents() == null ? 0 : hidden.documents();
    }

    private static Function<Facts, Optional<? extends Number>> serving(
            Function<CorpusStatus.Serving, @Nullable Number> value) {
        return facts -> {
            var serving = facts.status().serving();
            return serving == null ? Optional.<Number>empty() : Optional.ofNullable(value.apply(serving));
        };
    }

    private static Function<Facts, Optional<? extends Number>> latency(
            Function<ChangeToSearchable, @Nullable Number> value) {
        return facts -> Optional.ofNullable(facts.status().freshness())
                .map(CorpusStatus.Freshness::changeToSearchable)
                .map(value);
    }

    private static Function<Facts, Optional<? extends Number>> cost(Function<Cost, @Nullable Number> value) {
        return facts -> {
            var cost = facts.status().cost();
            return cost == null ? Optional.<Number>empty() : Optional.ofNullable(value.apply(cost));
        };
    }

    private static @Nullable Number decimal(@Nullable String amount) {
        return amount == null ? null : new BigDecimal(amount);
    }

    private Optional<? extends Number> staleness(Facts facts) {
        return facts.freshAsOf()
                .or(() -> Optional.ofNullable(facts.status().freshness())
                        .map(CorpusStatus.Freshness::freshAsOf)
                        .map(Instant::parse))
                .map(this::age);
    }

    private double age(Instant moment) {
        return Duration.between(moment, clock.instant()).toMillis() / MILLIS_A_SECOND;
    }

    private static Optional<Instant> tracer(Facts facts) {
        return Optional.ofNullable(facts.status().freshness())
                .map(CorpusStatus.Freshness::tracer)
                .map(CorpusStatus.Tracer::foundAsOf)
                .map(Instant::parse);
    }

    private static Optional<? extends Number> tracerMissing(Facts facts) {
        if (TracerCondition.isMissing(facts.status().conditions())) {
            return Optional.of(1);
        }
        return tracer(facts).map(found -> 0);
    }
}
