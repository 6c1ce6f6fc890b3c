package dev.concordance.operator.corpus;

import dev.concordance.operator.kube.Reason;

/**
 * Why a Corpus's conditions are as they are. Beside these, what is wrong with Elasticsearch has the reasons of {@link
 * dev.concordance.operator.cluster.ClusterReason}, and what a run has failed of those of {@link
 * dev.concordance.manifest.FailureReason}.
 */
enum CorpusReason implements Reason {
    Serving("generation %d serves %d documents in %d chunks, fresh as of %s%s"),
    BuildingFirst("generation %d, the first one, is being built: %s"),
    Rebuilding("generation %d serves; generation %d is being built beside it: %s"),
    WaitsForApproval("generation %d serves; generation %d is ready to replace it, but would lose %d documents that have"
            + " disappeared from their sources or can't be indexed: DeletionsApplied says what to do"),
    IndexLost("generation %d is damaged: an index of it was deleted; generation %d is being built: %s"),
    NothingPlanned("no change of what serves is declared"),
    ChangeAdmitted("%s"),
    ChangeWaitsForApproval("%s. Approve it by the annotation concordance.dev/approve-plan=%s"),
    ChangeExceedsBudget("%s, more than budget.perPlan allows. Approve it by the annotation"
            + " concordance.dev/approve-plan=%s, or raise the budget"),
    DiskTooSmall(
            "%s, and the disks have room for %s below their low watermark. Make room, or approve it all the same by the"
                    + " annotation concordance.dev/approve-plan=%s"),
    AliasMoved(
            "the alias %s was moved by hand from generation %d to generation %d, which answers since then; nothing is built, and"
                    + " the alias stays. Declare index.rollbackTo: %d to keep it so, or point the alias to generation %d again"),
    NotRolledBack("index.rollbackTo names no generation"),
    RolledBack(
            "generation %d serves, %s, since index.rollbackTo names it, and no other one is built. Without rollbackTo %s"),
    RollbackImpossible(
            "there is no generation %d to go back to, so what served goes on serving, and nothing is built; there are: %s."
                    + " Name one of these in index.rollbackTo, or take it out"),
    ApplyingSources("the declared sources have changed since generation %d was synced: %s"),
    FreshnessUnknown("generation %d serves; how fresh it is will be known after the next run: %s"),
    Stale("answers are older than %s: fresh as of %s; %s; %s"),
    BreachForecast("answers are going to be older than %s at %s, in %s: %s"),
    TracerMissing(
            "generation %d is fresh as of %s by the ledger, but a search of the alias %s finds, instead of the tracer that"
                    + " shows it: %s. Have the alias lead to %s alone, without filter or routing; if it does, the index was restored or"
                    + " changed by hand, so create an IngestionRun of the mode Verify"),
    Fresh("fresh as of %s, within %s"),
    NothingServed("no generation serves yet"),
    Paused("the annotation concordance.dev/paused is \"true\"; remove it to go on"),
    InvalidSpec("%s"),
    ReferencesFound("all that is referred to exists and can be used"),
    ReferenceMissing("%s does not exist; create it, or correct the reference"),
    KeyMissing("%s has no key %s; add it"),
    ReferenceInvalid("%s can't be used: %s"),
    SynonymsInvalid("%s of %s can't be read: %s"),
    TooFewDimensions(
            "spec.index.vectors.type bbq_hnsw takes vectors of %d dimensions or more, and the model's have %d; write"
                    + " int8_hnsw"),
    ReferenceNotAllowed("%s does not list the namespace %s in spec.allowedNamespaces; add it there"),
    ClusterNotReady("%s has not been checked yet"),
    ElasticsearchAnswers("Elasticsearch answers"),
    SourcesRead("run %s has read all sources"),
    SourcesNotRead("no run has read the sources yet"),
    DeletionsFollow("nothing is searchable that its source doesn't hold any more, as of the last sync"),
    TooManyDeletions("%d of %d documents have disappeared from their sources, or can't be indexed any more, more than"
            + " deletionGuard allows, so they stay searchable; status.withheldDeletions names some, and status.quarantine"
            + " tells why. Bring them back, or let them go by the annotation concordance.dev/approve-deletions=%s"),
    EverybodySees("everybody who may search the corpus may see all of it"),
    AccessFollows("documents are seen by those whom their sources name, as of %s%s"),
    AccessStale("no search is answered, since it was last read at %s who may see which document, longer ago than"
            + " access.maxStaleness, %s, allows: %s"),
    NothingPushed("no source is pushed to, so there is no inlet"),
    InletReady("%d of %d pods of the inlet take documents"),
    InletUnavailable("nothing can be pushed, since none of %d pods of the inlet is ready"),
    NameTaken(
            "nothing can be pushed: the inlet is not made, since %s exists and does not belong to the Corpus; delete it, or give"
                    + " the Corpus another name"),
    DeletionWaitsForRuns("deletion waits for %d runs to end"),
    DeletionWaitsForElasticsearch("deletion waits, since indexes are left that can't be removed: %s; if that cluster is"
            + " gone for good, annotate the Corpus with concordance.dev/abandon-indexes=true"),
    Settled("nothing is left to do"),
    Undecided("not known yet");

    private final String template;

    CorpusReason(String template) {
        this.template = template;
    }

    @Override
    public boolean isRoutine() {
        return switch (this) {
            case BuildingFirst, Rebuilding, ApplyingSources, FreshnessUnknown, Paused, DeletionWaitsForRuns -> true;
            default -> false;
        };
    }

    @Override
    public String template() {
        return template;
    }
}
