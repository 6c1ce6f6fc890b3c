package dev.concordance.manifest;

/** Why a run failed as a whole; the reasons of the IngestionRun's and the Corpus's conditions. */
public enum FailureReason {
    SourceUnreachable,
    SourceUnauthorized,
    SourceEmpty,
    SourceRefNotFound,
    SourceInvalid,
    ModelUnavailable,
    ModelDigestMismatch,
    ModelInvalid,
    ElasticsearchUnreachable,
    ElasticsearchUnauthorized,
    ElasticsearchTlsFailed,
    ElasticsearchRejected,
    DiskWatermark,
    GenerationMissing,
    LeaseLost,
    TooManyFailures,
    Internal
}
