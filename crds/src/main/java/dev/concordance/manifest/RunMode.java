package dev.concordance.manifest;

/** What an ingestion run is for. Both do the same work: the difference between source and manifest. */
public enum RunMode {
    /** Keep the live generation in step with the sources. */
    Incremental,
    /** Fill a candidate generation. */
    Build
}
