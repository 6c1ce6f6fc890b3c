package dev.concordance.ingest;

import dev.concordance.manifest.FailureReason;

/** What ends a run without being the fault of a source, a model or Elasticsearch as such. */
final class RunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final FailureReason reason;

    private RunException(FailureReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    static RunException stopped() {
        return new RunException(
                FailureReason.Stopped, "the worker was told to end; the next one goes on where it stopped");
    }

    /** @param first what was said of the first of them */
    static RunException unread(int documents, String first) {
        return new RunException(
                FailureReason.SourceUnreachable,
                "%d documents could not be read and stay as they were; the first, %s".formatted(documents, first));
    }

    /** Of a few of them the next listing tells; so many are not deleted before one has. */
    static RunException vanished(long documents) {
        return new RunException(
                FailureReason.SourceUnreachable,
                "%d documents were listed and had gone when they were to be read, more than deletionGuard allows at once: they are listed again"
                        .formatted(documents));
    }

    static RunException tooManyFailures(long quarantined, long documents, int allowed) {
        return new RunException(
                FailureReason.TooManyFailures,
                "%d of %d documents can't be indexed, more than the %d %% of ingestion.maxQuarantinedPercent: status.quarantine says why of some; mend or exclude them, or raise the limit"
                        .formatted(quarantined, documents, allowed));
    }

    /** What was to be copied isn't there any more, or isn't what it was. */
    static RunException nothingToCopy(int generation) {
        return new RunException(
                FailureReason.GenerationMissing,
                "generation %d has changed since it was decided to copy it: the next run decides anew"
                        .formatted(generation));
    }

    /** A run that ended within a document leaves it so, and so does somebody else who writes to the index. */
    static RunException notWhole(long documents, int generation, String first) {
        return new RunException(
                FailureReason.GenerationMissing,
                "%d documents of generation %d are not stored as its records say and were not copied, the first %s: its next run mends those that one before it left so, Verify all of them"
                        .formatted(documents, generation, first));
    }

    FailureReason reason() {
        return reason;
    }
}
