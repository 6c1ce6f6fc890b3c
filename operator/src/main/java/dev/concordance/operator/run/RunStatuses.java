package dev.concordance.operator.run;

import dev.concordance.api.v1alpha1.CorpusStatus;
import dev.concordance.api.v1alpha1.IngestionRunStatus;
import dev.concordance.manifest.RunReport;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Finding;
import dev.concordance.operator.kube.Truth;
import dev.concordance.operator.run.RunObservation.Launch;
import dev.concordance.operator.run.RunObservation.SeenJob;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tells what was seen of an IngestionRun, and what is done about it, as conditions and status. */
final class RunStatuses {
    private RunStatuses() {}

    static List<Finding> findings(RunPlan plan) {
        var settled = Finding.of(Conditions.RECONCILING, Truth.FALSE, RunReason.Settled);
        var reconciling = plan.phase().isFinal() || plan.waits() || plan.ready() == Truth.TRUE
                ? settled
                : new Finding(Conditions.RECONCILING, Truth.TRUE, plan.reason(), plan.message());
        var stalled = plan.waits()
                ? new Finding(Conditions.STALLED, Truth.TRUE, plan.reason(), plan.message())
                : Finding.of(Conditions.STALLED, Truth.FALSE, RunReason.Settled);
        return List.of(
                new Finding(Conditions.READY, plan.ready(), plan.reason(), plan.message()), reconciling, stalled);
    }

    static IngestionRunStatus status(
            @Nullable Long generation,
            Optional<IngestionRunStatus> before,
            RunObservation seen,
            RunPlan plan,
            List<Condition> conditions) {
        var report = seen.report();
        var target = target(seen).or(() -> before.flatMap(status -> Optional.ofNullable(status.generation())));
        var started = seen.startedAt()
                .map(RunStatuses::text)
                .or(() -> before.flatMap(status -> Optional.ofNullable(status.startedAt())));
        var job = seen.job()
                .or(seen::preparation)
                .map(SeenJob::name)
                .or(() -> before.flatMap(status -> Optional.ofNullable(status.job())));
        return new IngestionRunStatus(
                generation,
                plan.phase().name(),
                target.orElse(null),
                job.orElse(null),
                started.orElse(null),
                plan.finishedAt().map(RunStatuses::text).orElse(null),
                report.flatMap(told -> Optional.ofNullable(told.freshAsOf()))
                        .map(RunStatuses::text)
                        .orElse(before.map(IngestionRunStatus::freshAsOf).orElse(null)),
                report.map(RunStatuses::documents)
                        .orElse(before.map(IngestionRunStatus::documents).orElse(null)),
                report.map(RunStatuses::chunks)
                        .orElse(before.map(IngestionRunStatus::chunks).orElse(null)),
                report.map(RunStatuses::drift)
                        .orElse(before.map(IngestionRunStatus::drift).orElse(null)),
                report.map(RunStatuses::cost)
                        .orElse(before.map(IngestionRunStatus::cost).orElse(null)),
                report.map(RunStatuses::findings)
                        .orElse(before.map(IngestionRunStatus::findings).orElse(null)),
                report.map(RunStatuses::quarantine)
                        .orElse(before.map(IngestionRunStatus::quarantine).orElse(null)),
                conditions);
    }

    private static Optional<Integer> target(RunObservation seen) {
        return seen.launch() instanceof Launch.Possible possible
                ? Optional.of(possible.job().specification().manifest().generation())
                : seen.report().map(RunReport::generation);
    }

    private static IngestionRunStatus.Documents documents(RunReport report) {
        var counts = report.counts();
        return new IngestionRunStatus.Documents(
                counts.listed(),
                counts.unchanged(),
                counts.added(),
                counts.updated(),
                counts.deleted(),
                counts.quarantined(),
                counts.skipped(),
                counts.pending());
    }

    private static IngestionRunStatus.Chunks chunks(RunReport report) {
        var counts = report.counts();
        return new IngestionRunStatus.Chunks(
                counts.chunksWritten(),
                counts.embedded(),
                counts.reused(),
                counts.pendingEmbeddings() == 0 ? null : counts.pendingEmbeddings());
    }

    private static IngestionRunStatus.@Nullable Cost cost(RunReport report) {
        var spent = report.spent();
        return spent == null
                ? null
                : new IngestionRunStatus.Cost(
                        spent.requests(),
                        spent.tokens(),
                        spent.currency() == null ? null : spent.money(),
                        spent.currency());
    }

    private static IngestionRunStatus.@Nullable Drift drift(RunReport report) {
        var drift = report.drift();
        return drift == null
                ? null
                : new IngestionRunStatus.Drift(
                        drift.damaged(),
                        drift.overlooked(),
                        drift.orphaned(),
                        drift.sample().isEmpty() ? null : drift.sample());
    }

    private static @Nullable Map<String, Long> findings(RunReport report) {
        var byKind = new TreeMap<String, Long>();
        report.counts().findings().forEach((kind, count) -> byKind.put(kind.name(), count));
        return byKind.isEmpty() ? null : byKind;
    }

    private static @Nullable List<CorpusStatus.QuarantinedDocument> quarantine(RunReport report) {
        return report.quarantined().isEmpty()
                ? null
                : report.quarantined().stream()
                        .map(document -> new CorpusStatus.QuarantinedDocument(
                                document.source(),
                                document.documentId(),
                                document.reason().name(),
                                document.message()))
                        .toList();
    }

    private static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
