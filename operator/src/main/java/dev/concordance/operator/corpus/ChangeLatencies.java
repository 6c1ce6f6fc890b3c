package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.api.v1alpha1.CorpusStatus.ChangeToSearchable;
import dev.concordance.manifest.GenerationState;
import dev.concordance.manifest.GenerationState.ChangeLatency;
import dev.concordance.operator.elastic.StoredGeneration;
import dev.concordance.operator.freshness.ServiceLevel;
import dev.concordance.operator.kube.Defaults;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long changes took until answers showed them, as the last run of the live generation has left it. */
final class ChangeLatencies {
    private static final Duration IN_MILLISECONDS = Duration.ofSeconds(10);

    private ChangeLatencies() {}

    /** What is told; while Elasticsearch is silent, what was told before. */
    static Optional<ChangeToSearchable> of(
            CorpusObservation seen, ServiceLevel level, Optional<Generations> generations) {
        return generations.isEmpty()
                ? seen.previous().map(CorpusStatus::freshness).map(CorpusStatus.Freshness::changeToSearchable)
                : generations
                        .flatMap(Generations::live)
                        .flatMap(StoredGeneration::state)
                        .map(GenerationState::changeLatency)
                        // Runs leave out what is older, but none may have ended since.
                        .filter(told -> told.until().isAfter(seen.now().minus(level.window())))
                        .map(ChangeLatencies::told);
    }

    /** What the status tells of such a length, in seconds. */
    static Optional<Double> seconds(@Nullable String told) {
        return Optional.ofNullable(told)
                .map(length -> Defaults.duration(length, length, "status.freshness.changeToSearchable"))
                .map(length -> length.toMillis() / 1_000.0);
    }

    private static ChangeToSearchable told(ChangeLatency latency) {
        return new ChangeToSearchable(
                latency.documents(),
                text(latency.p50Millis()),
                text(latency.p95Millis()),
                text(latency.p99Millis()),
                CorpusConditions.seconds(latency.since()));
    }

    private static String text(long millis) {
        return millis < IN_MILLISECONDS.toMillis() ? millis + "ms" : Math.round(millis / 1_000.0) + "s";
    }
}
