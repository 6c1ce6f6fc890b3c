package dev.concordance.operator.run;

import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.manifest.RunReport;
import dev.concordance.operator.corpus.RunPhase;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;

/** How many runs there are in each phase, and why they have ended. */
final class RunMeters {
    private final MeterRegistry meters;

    RunMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Counts what the cache holds whenever it is asked for. */
    void count(IndexerResourceCache<IngestionRun> runs) {
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

    /** A run has ended, with this report if there is one. */
    void ended(RunPlan plan, Optional<RunReport> report) {
        meters.counter("concordance.runs.ended", "phase", plan.phase().name(), "reason", plan.reason())
                .increment();
        report.flatMap(told -> Optional.ofNullable(told.drift())).ifPresent(drift -> {
            drift("damaged", drift.damaged());
            drift("overlooked", drift.overlooked());
            drift("orphaned", drift.orphaned());
        });
    }

    private void drift(String kind, long count) {
        meters.counter("concordance.drift", "kind", kind).increment(count);
    }
}
