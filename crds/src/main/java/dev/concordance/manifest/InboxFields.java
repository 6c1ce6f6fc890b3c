package dev.concordance.manifest;

/**
 * Fields of the index with what was pushed to a corpus: a document each, by {@code DocumentKey}, where what was deleted stays as a
 * mark for a while; and what is remembered of requests.
 */
public final class InboxFields {
    /** Name of the source. */
    public static final String SOURCE = "source";

    /** The document's id in its source. */
    public static final String ID = "id";

    /** What was pushed, as the text of a JSON object with content, format, title, uri, metadata and access. */
    public static final String DOCUMENT = "document";

    /** Changes with {@link #DOCUMENT}. */
    public static final String HASH = "hash";

    /** Bytes of the content. */
    public static final String LENGTH = "length";

    /** Whether it was deleted; it has no {@link #DOCUMENT} then. */
    public static final String DELETED = "deleted";

    /** When it was written, in milliseconds. */
    public static final String AT = "at";

    /** What wrote it: an object that tells one request from all others. */
    public static final String REQUEST = "request";

    /** Of what is remembered of a request: key of the document that it was about. */
    public static final String OF = "of";

    /** Id of the document that says up to which sequence number marks of deletions were removed. */
    public static final String HORIZON = "horizon";

    /** Its field. */
    public static final String UP_TO = "upTo";

    /** Elasticsearch's own field with the sequence number of a document's last write. */
    public static final String SEQUENCE = "_seq_no";

    private InboxFields() {}
}
