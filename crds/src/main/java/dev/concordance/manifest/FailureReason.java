package dev.concordance.manifest;

/** Why a run failed as a whole; the reasons of the IngestionRun's and the Corpus's conditions. */
public enum FailureReason {
    SourceUnreachable(true),
    SourceUnauthorized(false),
    SourceEmpty(false),
    SourceRefNotFound(false),
    SourceInvalid(false),
    /** A source without the file that says who may see its documents, or with one that can't be understood. */
    SourceAccessInvalid(false),
    ModelUnavailable(true),
    ModelDigestMismatch(false),
    ModelInvalid(false),
    ModelUnauthorized(false),
    ModelTlsFailed(false),
    ParserUnavailable(true),
    ParserInvalid(false),
    ParserUnauthorized(false),
    ParserTlsFailed(false),
    /** What remains of the month's budget does not pay for what is left to embed. */
    BudgetExhausted(false),
    ElasticsearchUnreachable(true),
    ElasticsearchUnauthorized(false),
    ElasticsearchTlsFailed(false),
    ElasticsearchRejected(true),
    DiskWatermark(true),
    /** The disk below the pod is full, or can't be written. */
    WorkspaceUnusable(true),
    GenerationMissing(true),
    LeaseLost(false),
    /** Most of the documents of a build can't be indexed. */
    TooManyFailures(false),
    /** More documents match an Erasure than it may erase. */
    TooManyDocuments(false),
    /** The run was told what to keep out before an Erasure was carried out, or before one had gone. */
    Superseded(false),
    /** After an erasure something of what was erased was still found. */
    ErasureIncomplete(true),
    /** The worker was told to end before it had done everything; the next one goes on from there. */
    Stopped(true),
    Internal(true);

    private final boolean passing;

    FailureReason(boolean passing) {
        this.passing = passing;
    }

    /** Whether it may pass by itself, so that it is worth another try soon; else the same would fail again, or must not be tried. */
    public boolean isPassing() {
        return passing;
    }
}
