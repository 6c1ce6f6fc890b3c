package dev.concordance.inlet;

/** What an inlet takes at most, whatever is declared. */
public final class Limits {
    /** Bytes of a body, as it is sent. */
    public static final long BODY_BYTES = 96L << 20;

    /** Bytes of a document's content: Elasticsearch takes requests up to 100 MB, in which characters are escaped. */
    static final long DOCUMENT_BYTES = 16L << 20;

    /** Bytes of a batch, once it is decompressed. */
    static final long BATCH_BYTES = 64L << 20;

    private Limits() {}
}
