package dev.concordance.manifest;

/** Why a run failed as a whole; the reasons of the IngestionRun's and the Corpus's conditions. */
public enum FailureReason {
    SourceUnreachable,
    SourceUnauthorized,
    SourceEmpty,
    SourceRefNotFound,
    SourceInvalid,
    /** A source without the file that says who may see its documents, or with one that can't be understood. */
    SourceAccessInvalid,
    ModelUnavailable,
    ModelDigestMismatch,
    ModelInvalid,
    ModelUnauthorized,
    ModelTlsFailed,
    ParserUnavailable,
    ParserInvalid,
    ParserUnauthorized,
    ParserTlsFailed,
    /** What remains of the month's budget does not pay for what is left to embed. */
    BudgetExhausted,
    ElasticsearchUnreachable,
    ElasticsearchUnauthorized,
    ElasticsearchTlsFailed,
    ElasticsearchRejected,
    DiskWatermark,
    /** The disk below the pod is full, or can't be written. */
    WorkspaceUnusable,
    GenerationMissing,
    LeaseLost,
    /** Most of the documents of a build can't be indexed. */
    TooManyFailures,
    /** More documents match an Erasure than it may erase. */
    TooManyDocuments,
    /** The run was told what to keep out before an Erasure was carried out. */
    Superseded,
    /** After an erasure something of what was erased was still found. */
    ErasureIncomplete,
    /** The worker was told to end before it had done everything; the next one goes on from there. */
    Stopped,
    Internal
}
