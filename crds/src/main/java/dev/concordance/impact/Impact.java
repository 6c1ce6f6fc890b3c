package dev.concordance.impact;

/** What of the work on a document is done again at most, from nothing to all of it; each includes those before it. */
public enum Impact {
    /** Nothing that searches find, or how they find it, changes. */
    NONE,
    /** Searches are answered otherwise from the same index. */
    SERVE,
    /** Stored chunks are written to an index with other settings, their vectors with them. */
    REMAP,
    /** Stored chunks get other vectors. */
    REEMBED,
    /** Documents are cut otherwise. They are read for it, since what is stored of them is their chunks. */
    RECHUNK,
    /** Documents are read otherwise. */
    REFETCH;

    /** Whether what is stored of the documents is enough for it, so that no source is asked. */
    public boolean startsFromChunks() {
        return this == REMAP || this == REEMBED;
    }
}
