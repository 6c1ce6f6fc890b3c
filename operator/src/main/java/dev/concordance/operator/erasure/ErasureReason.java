package dev.concordance.operator.erasure;

import dev.concordance.operator.kube.Reason;

/**
 * Why an Erasure's conditions are as they are. Beside these, what stands in the way of Elasticsearch has the reasons of a
 * SearchCluster and of a Corpus's references.
 */
enum ErasureReason implements Reason {
    Verified("%d documents were erased, and nothing that is covered is found in %d indexes%s"),
    Erasing("run %s: %s"),
    RunFailed("run %s failed, and the next one begins at %s: %s"),
    TooManyDocuments(
            "%d documents match, more than the %d that may be erased, so none was. Narrow it down in another Erasure, or"
                    + " approve it by the annotation concordance.dev/approve-erasure=%1$d (at most 1000)"),
    CorpusMissing(
            "Corpus %s does not exist, or is being deleted; its indexes go with it unless its deletionPolicy is Retain, and"
                    + " this Erasure with its receipt stays"),
    Paused("the annotation concordance.dev/paused is \"true\"; remove it to go on"),
    InvalidSpec("%s"),
    SigningKeyMissing("what is covered is erased, but the receipt can't be signed: %s"),
    NothingPending("nothing is left that could hold any of it"),
    StillHeld("some of it may still be held by %s; status.pending lists what holds it"),
    NotErasedYet("it is not erased yet"),
    DeletionWaits("what was erased may come back when this Erasure is gone, which waits: %s"),
    Settled("nothing is left to do");

    private final String template;

    ErasureReason(String template) {
        this.template = template;
    }

    @Override
    public boolean isRoutine() {
        return switch (this) {
            case Erasing, Paused, NotErasedYet, StillHeld, DeletionWaits -> true;
            default -> false;
        };
    }

    @Override
    public String template() {
        return template;
    }
}
