package dev.concordance.operator.run;

import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.manifest.Privacy;
import dev.concordance.manifest.RunReport;
import dev.concordance.manifest.Spending.Amount;
import dev.concordance.operator.corpus.RunPhase;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** How many runs there are in each phase, why they have ended, and what they have cost. */
final class RunMeters {
    private final MeterRegistry meters;
    private final Map<String, Set<Counter>> spent = new ConcurrentHashMap<>();
    private volatile Predicate<String> hasRuns = corpus -> true;

    RunMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Counts what the cache holds whenever it is asked for. */
    void count(IndexerResourceCache<IngestionRun> runs) {
        keep(corpus -> !runs.byIndex(RunObserver.BY_CORPUS, corpus).isEmpty());
        for (var phase : RunPhase.values()) {
            Gauge.builder(
                            "concordance.runs",
                            runs,
                            cache -> cache.list(run -> RunPhase.named(
                                                    run.getStatus() == null
                                                            ? null
                                                            : run.getStatus().phase())
                                            == phase)
                                    .count())
                    .description("IngestionRuns that exist")
                    .tag("phase", phase.name())
                    .register(meters);
        }
    }

    /** From now on counters of a corpus go when it has no run any more. */
    void keep(Predicate<String> corporaWithRuns) {
        hasRuns = corporaWithRuns;
    }

    /**
     * A run has ended, with this report if there is one.
     *
     * @param corpus namespace and name, with a slash between
     */
    void ended(String corpus, RunPlan plan, Optional<RunReport> report) {
        forgetThoseThatAreGone();
        report.flatMap(told -> Optional.ofNullable(told.spent())).ifPresent(amount -> spent(corpus, amount));
        meters.counter("concordance.runs.ended", "phase", plan.phase().name(), "reason", plan.reason())
                .increment();
        report.ifPresent(told -> found(told.counts().findings()));
        report.flatMap(told -> Optional.ofNullable(told.drift())).ifPresent(drift -> {
            drift("damaged", drift.damaged());
            drift("overlooked", drift.overlooked());
            drift("orphaned", drift.orphaned());
        });
    }

    /** A run that has ended has found so much. */
    void found(Map<Privacy.Kind, Long> findings) {
        findings.forEach((kind, count) ->
                meters.counter("concordance.runs.findings", "kind", kind.name()).increment(count));
    }

    private void spent(String corpus, Amount amount) {
        var border = corpus.indexOf('/');
        var tags = Tags.of("namespace", corpus.substring(0, border), "corpus", corpus.substring(border + 1));
        add(corpus, meters.counter("concordance.runs.embedding.requests", tags), amount.requests());
        add(corpus, meters.counter("concordance.runs.embedding.tokens", tags), amount.tokens());
        if (amount.currency() != null) {
            var priced = tags.and("currency", amount.currency());
            add(
                    corpus,
                    meters.counter("concordance.runs.embedding.money", priced),
                    new BigDecimal(amount.money()).doubleValue());
        }
    }

    private void add(String corpus, Counter counter, double more) {
        spent.computeIfAbsent(corpus, added -> ConcurrentHashMap.newKeySet()).add(counter);
        counter.increment(more);
    }

    private void forgetThoseThatAreGone() {
        spent.keySet().stream().filter(hasRuns.negate()).toList().forEach(corpus -> {
            var counters = spent.remove(corpus);
            if (counters != null) {
                counters.forEach(meters::remove);
            }
        });
    }

    private void drift(String kind, long count) {
        meters.counter("concordance.drift", "kind", kind).increment(count);
    }
}
