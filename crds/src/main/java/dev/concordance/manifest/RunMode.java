package dev.concordance.manifest;

/** What an ingestion run is for. All but one do the same work: the difference between source and manifest. */
public enum RunMode {
    /** Keep the live generation in step with the sources. */
    Incremental,
    /** Fill a candidate generation. */
    Build,
    /**
     * Keep the live generation in step with the sources, and trust nothing: every document is read, and every chunk compared
     * with what was written.
     */
    Verify,
    /** Take documents out of every generation, and show that they are gone. */
    Erase
}
