package dev.concordance.operator.corpus;

import dev.concordance.api.v1alpha1.Corpus;
import dev.concordance.api.v1alpha1.IngestionRun;
import dev.concordance.api.v1alpha1.IngestionRunStatus;
import dev.concordance.manifest.FailureReason;
import dev.concordance.manifest.RunMode;
import dev.concordance.operator.corpus.SeenRun.RunCounts;
import dev.concordance.operator.corpus.SeenRun.RunFailure;
import dev.concordance.operator.kube.Annotations;
import dev.concordance.operator.kube.Conditions;
import dev.concordance.operator.kube.Labels;
import dev.concordance.operator.kube.Owned;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads IngestionRuns. */
final class SeenRuns {
    private SeenRuns() {}

    static SeenRun of(IngestionRun run, Corpus corpus) {
        var spec = Optional.ofNullable(run.getSpec());
        var status = Optional.ofNullable(run.getStatus());
        var phase = RunPhase.named(status.map(IngestionRunStatus::phase).orElse(null));
        return new SeenRun(
                run.getMetadata().getName(),
                sequence(run, corpus),
                Owned.isOwned(run, corpus),
                spec.flatMap(given -> mode(given.mode())),
                spec.flatMap(given -> Optional.ofNullable(given.generation()))
                        .or(() -> status.flatMap(told -> Optional.ofNullable(told.generation()))),
                phase,
                instant(run.getMetadata().getCreationTimestamp()).orElse(Instant.EPOCH),
                status.flatMap(told -> instant(told.startedAt())),
                status.flatMap(told -> instant(told.finishedAt())),
                Annotations.value(run, Labels.INPUTS),
                phase == RunPhase.Failed ? status.flatMap(SeenRuns::failure) : status.flatMap(SeenRuns::attempt),
                status.flatMap(SeenRuns::counts),
                run.isMarkedForDeletion());
    }

    private static long sequence(IngestionRun run, Corpus corpus) {
        var prefix = corpus.getMetadata().getName() + "-";
        var name = run.getMetadata().getName();
        if (!name.startsWith(prefix)) {
            return 0;
        }
        try {
            return Long.parseLong(name.substring(prefix.length()));
        } catch (NumberFormatException anotherName) {
            return 0;
        }
    }

    private static Optional<RunMode> mode(@Nullable String name) {
        return Arrays.stream(RunMode.values())
                .filter(mode -> mode.name().equals(name))
                .findFirst();
    }

    private static Optional<RunFailure> attempt(IngestionRunStatus status) {
        return failure(status)
                .filter(told -> RunPhase.isWaiting(told.reason())
                        || Arrays.stream(FailureReason.values())
                                .anyMatch(reason -> reason.name().equals(told.reason())));
    }

    private static Optional<RunFailure> failure(IngestionRunStatus status) {
        var waits = Conditions.isTrue(status.conditions(), Conditions.STALLED);
        return Conditions.find(status.conditions(), Conditions.READY)
                .map(ready -> new RunFailure(ready.getReason(), ready.getMessage(), waits));
    }

    private static Optional<RunCounts> counts(IngestionRunStatus status) {
        var documents = status.documents();
        var chunks = status.chunks();
        if (documents == null || chunks == null) {
            return Optional.empty();
        }
        var done = number(documents.unchanged()) + number(documents.added()) + number(documents.updated());
        return Optional.of(new RunCounts(
                done,
                number(documents.listed()),
                number(chunks.written()),
                number(chunks.embedded()),
                number(chunks.reused())));
    }

    private static long number(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    private static Optional<Instant> instant(@Nullable String text) {
        return Optional.ofNullable(text).map(Instant::parse);
    }
}
