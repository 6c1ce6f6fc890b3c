package dev.concordance.ingest;

/** Which of the documents that are as they were are read all the same. */
enum Scope {
    /** None. */
    CHANGED,
    /** Those that lack vectors. */
    PENDING,
    /** All, since nothing is trusted. */
    ALL
}
