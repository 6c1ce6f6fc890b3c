package dev.concordance.operator.query;

import dev.concordance.operator.kube.Reason;

/** Why a QueryServer's conditions are as they are. */
enum QueryReason implements Reason {
    Serving("%d of %d pods are ready and serve %d corpora%s"),
    RollingOut("%d of %d pods are ready and up to date"),
    RolloutStuck("the pods do not become ready: %s"),
    Paused("the annotation concordance.dev/paused is \"true\"; remove it to go on"),
    InvalidSpec("%s"),
    NameTaken("%s exists and does not belong to this QueryServer; delete it, or give the QueryServer another name"),
    ReferencesFound("all that is referred to exists"),
    ReferenceMissing("%s does not exist; create it: what depends on it is left out until then"),
    WaitsForCorpora("waiting for the first look at the corpora"),
    Settled("nothing is left to do"),
    Undecided("not known yet");

    private final String template;

    QueryReason(String template) {
        this.template = template;
    }

    @Override
    public boolean isRoutine() {
        return switch (this) {
            case RollingOut, Paused, WaitsForCorpora -> true;
            default -> false;
        };
    }

    @Override
    public String template() {
        return template;
    }
}
