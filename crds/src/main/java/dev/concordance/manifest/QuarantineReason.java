package dev.concordance.manifest;

/** Why a document is not in the index. Quarantine is retried when the document, the limits that it exceeds, or how it is read, changes. */
public enum QuarantineReason {
    /** Not text in a format that is read: NUL bytes or too many control characters. */
    Binary,
    /** More bytes than the limit, or more parts or text than a parser keeps. */
    TooLarge,
    /** Bytes that are not valid in the document's encoding. */
    NotUtf8,
    /** Markup nested deeper than the parser follows. */
    TooDeeplyNested,
    /** A line that is not a JSON object. */
    BrokenJson,
    /** A line without the declared id field. */
    MissingId,
    /** The id of an earlier document of the source. */
    DuplicateId,
    /** A line without the declared text field. */
    MissingText,
    /** More chunks than the limit. */
    TooManyChunks,
    /** A symbolic link or path that leaves the source. */
    OutsideSource,
    /** A folder of a git repository that is another repository. */
    Submodule,
    /** What Git LFS keeps in place of a file that is elsewhere. */
    LfsPointer,
    /** An id of more than 1,024 bytes or with control characters. */
    BadId,
    /** A metadata value that is not of its declared type. */
    BadMetadata,
    /** It is encrypted, or protected by a password. */
    Encrypted,
    /** Not a whole file of the format that it is of. */
    CorruptDocument,
    /** The parser failed. */
    ParserFailed,
    /** A remote parser refuses it. */
    ParserRefused,
    /** The process that parses took too long and was killed. */
    ParserTimeout,
    /** The process that parses ended, or needed more memory than it may have. */
    ParserCrashed,
    /** Elasticsearch refused the document for good. */
    IndexRefused,
    /** Its source lists it and doesn't give it. */
    SourceRefused,
    /** Something of a person that the ChunkingPolicy keeps out of the index. */
    PersonalData,
    /** A key, token or password, which the ChunkingPolicy keeps out of the index. */
    Secrets,
    /** Hidden text or instructions to a model, which the ChunkingPolicy keeps out of the index. */
    SuspiciousText;

    /** Whether other limits may let the same document in. */
    public boolean isOfLimits() {
        return this == TooLarge || this == TooManyChunks;
    }
}
