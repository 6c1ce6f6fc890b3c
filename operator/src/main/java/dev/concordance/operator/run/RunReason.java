package dev.concordance.operator.run;

import dev.concordance.operator.kube.Reason;

/** Why an IngestionRun's conditions are as they are; a failed run has a reason of FailureReason. */
enum RunReason implements Reason {
    CorpusMissing("Corpus %s does not exist; create it, or delete this run"),
    Paused("the Corpus or this run is paused by the annotation concordance.dev/paused; remove it to go on"),
    WaitsForCaches("the operator has just started"),
    WaitsForRun("run %s of the same corpus goes first"),
    WaitsForPod("pod %s of an earlier attempt has not ended"),
    WaitsForGeneration("the corpus has no live generation yet that could be synced"),
    ErasureMissing("Erasure %s does not exist; create it, or delete this run"),
    WaitsForErasure("what Erasure %s has erased is about to be known; then this run keeps it out"),
    ErasuresMissing(
            "%d Erasures were carried out and don't exist any more, as after a backup was restored; create them again if they are to"
                    + " hold, and then let the former ones go by the annotation concordance.dev/forget-erasures=%s on the Corpus"),
    Starting("%s was created; its pod has not reported yet"),
    PodWaits("pod %s waits: %s"),
    Listing("the sources are being listed"),
    Indexing("%d of %d listed documents are done; %d chunks written, %d texts embedded, %d vectors reused"),
    Following("the sources are followed%s"),
    ProgressUnreadable("the Job is at work; how far it is can't be read: %s"),
    ReportUnreadable("the Job has ended; its report can't be read: %s"),
    Succeeded("%d documents listed: %d added, %d updated, %d deleted, %d unchanged, %d skipped, %d quarantined"),
    Erased("%d documents were erased, and are not found any more"),
    Stopping("its Job is being stopped"),
    Settled("nothing is left to do");

    private final String template;

    RunReason(String template) {
        this.template = template;
    }

    @Override
    public boolean isRoutine() {
        return switch (this) {
            case Paused,
                    WaitsForCaches,
                    WaitsForRun,
                    WaitsForPod,
                    WaitsForGeneration,
                    WaitsForErasure,
                    Starting,
                    Listing,
                    Indexing,
                    Following,
                    Stopping -> true;
            default -> false;
        };
    }

    @Override
    public String template() {
        return template;
    }
}
