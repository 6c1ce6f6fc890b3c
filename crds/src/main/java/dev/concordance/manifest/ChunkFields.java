package dev.concordance.manifest;

/** Names of the fields of a chunk in a generation's index, which the operator maps, ingestion writes and search reads. */
public final class ChunkFields {
    /** {@code _id} and routing key of a document: 32 hexadecimal digits over source name and document id. */
    public static final String DOCUMENT_KEY = "documentKey";

    /** The document's id within its source. */
    public static final String DOCUMENT_ID = "documentId";

    /** The name of the source. */
    public static final String SOURCE = "source";

    /** Epoch of the write, rising with each new content of a document: of two versions the higher one counts. */
    public static final String VERSION = "version";

    /** Position of the chunk in its document, from 0. */
    public static final String ORDINAL = "ordinal";

    /** Number of chunks of this version of the document. */
    public static final String CHUNKS = "chunks";

    /** Where the document is for a person. */
    public static final String URI = "uri";

    /** The document's title. */
    public static final String TITLE = "title";

    /** Headings above the chunk, outermost first. */
    public static final String HEADINGS = "headings";

    /** The rendered context header. */
    public static final String CONTEXT = "context";

    /** The chunk's text, exactly {@code source[start:end]} but for placeholders of what was redacted. */
    public static final String TEXT = "text";

    /** First code point of the chunk in the document's decoded text. */
    public static final String START = "start";

    /** Code point after the chunk's last one. */
    public static final String END = "end";

    /** What is shown in the chunk's place, if it isn't shown itself: an object of the fields below, and {@link #TEXT}. */
    public static final String PARENT = "parent";

    /** Page or slide that the chunk begins on, from 1; missing where the document has none. */
    public static final String FIRST_PAGE = "firstPage";

    /** Page or slide that the chunk ends on. */
    public static final String LAST_PAGE = "lastPage";

    /** Digest of what was embedded. */
    public static final String TEXT_HASH = "textHash";

    /**
     * Digests of what was embedded besides to find where to cut, a share of the document's with each of its chunks; by them an erasure finds
     * the vectors among those that corpora share.
     */
    public static final String SENTENCE_HASHES = "sentenceHashes";

    /** The chunk's vector. */
    public static final String VECTOR = "vector";

    /** True: the model refused the chunk's text, so it has no vector, and is found by its words only. */
    public static final String PENDING_EMBEDDING = "pendingEmbedding";

    /** The document's metadata; the declared fields are indexed. */
    public static final String METADATA = "metadata";

    /** Names of {@link Privacy.Kind}s that the chunk is marked with; missing for none. */
    public static final String SIGNALS = "signals";

    /** Who may see the document, in generations with document-level access only; without it nobody may. */
    public static final String ACL = "acl";

    private ChunkFields() {}

    /** The {@code _id} of a chunk, of its document's key and version and its ordinal. */
    public static String id(String documentKey, long version, int ordinal) {
        return documentKey + "." + version + "." + ordinal;
    }
}
