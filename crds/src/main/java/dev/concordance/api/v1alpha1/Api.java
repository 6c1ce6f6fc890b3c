package dev.concordance.api.v1alpha1;

/** Names that are part of the API. */
public final class Api {
    /** The API group. */
    public static final String GROUP = "concordance.dev";

    /** The API version. */
    public static final String VERSION = "v1alpha1";

    /** Annotation: with the value {@code "true"} the operator leaves the object and what belongs to it as they are. */
    public static final String PAUSED = GROUP + "/paused";

    /**
     * Annotation on a Corpus that is being deleted: with the value {@code "true"} the finalizer goes without removing
     * anything from Elasticsearch, for a cluster that is gone for good.
     */
    public static final String ABANDON = GROUP + "/abandon-indexes";

    /**
     * Annotation on a Corpus: the token of deletions that are withheld, as its condition tells it, lets these and no others
     * be applied.
     */
    public static final String APPROVE_DELETIONS = GROUP + "/approve-deletions";

    /**
     * Annotation on an Erasure that is refused since too many documents match: the number of documents, as its condition tells
     * it, lets as many be erased.
     */
    public static final String APPROVE_ERASURE = GROUP + "/approve-erasure";

    /**
     * Annotation on a Corpus: the token of Erasures that its ledger requires and that don't exist any more, as its run tells it, lets
     * these and no others be forgotten. What they covered is indexed again.
     */
    public static final String FORGET_ERASURES = GROUP + "/forget-erasures";

    /**
     * Annotation on a Corpus: the digest of the plan of a change, as {@code status.plan} and the condition {@code PlanAdmitted} tell
     * it, lets this change be done and no other one.
     */
    public static final String APPROVE_PLAN = GROUP + "/approve-plan";

    private Api() {}
}
