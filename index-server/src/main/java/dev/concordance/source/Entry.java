package dev.concordance.source;

import dev.concordance.manifest.QuarantineReason;

/** A document that a source holds, or what stands where one should. */
public sealed interface Entry {
    /** The document's id within its source. */
    String id();

    /** As long as it stays the same, so does the document. */
    String changeKey();

    /** A file; its id is its path, whose extension tells the format. */
    record File(String id, String changeKey, Content content) implements Entry {}

    /** A line of a JSON lines file, which is an object with the declared fields. */
    record Line(String id, String changeKey, Content content) implements Entry {}

    /** Something that can't be a document, for a reason that reading it would not change. */
    record Unreadable(String id, String changeKey, QuarantineReason reason, String message) implements Entry {}
}
