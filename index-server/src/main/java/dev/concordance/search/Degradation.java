package dev.concordance.search;

/** Why an answer is less than what was asked for. */
public enum Degradation {
    /** The index's vectors are of a model that this server isn't told to load, so only words were searched. */
    MODEL_MISMATCH("model-mismatch"),
    /** The model isn't loaded, or failed, so only words were searched. */
    MODEL_UNAVAILABLE("model-unavailable"),
    /** There is no reranker, so the fused ranking is the answer. */
    RERANK_UNAVAILABLE("rerank-unavailable"),
    /** Documents that were deleted before what was waited for are still found, since the deletion guard withholds that. */
    DELETIONS_WITHHELD("deletions-withheld");

    private final String code;

    Degradation(String code) {
        this.code = code;
    }

    /** As it is in an answer. */
    public String code() {
        return code;
    }
}
