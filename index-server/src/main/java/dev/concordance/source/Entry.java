package dev.concordance.source;

import dev.concordance.manifest.QuarantineReason;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A document that a source holds, or what stands where one should. */
public sealed interface Entry {
    /** The document's id within its source. */
    String id();

    /** As long as it stays the same, so does the document. */
    String changeKey();

    /** When its source was given what it holds of it now; null: the source doesn't tell. */
    default @Nullable Instant changedAt() {
        return null;
    }

    /** What its source gives by its id once it was fetched. */
    sealed interface Stored extends Entry {
        /** Bytes; empty where they are only known once it is fetched. */
        OptionalLong size();
    }

    /**
     * A file; its id is its path, whose extension tells the format.
     *
     * @param size bytes; empty where they are only known once it is fetched
     */
    record File(
            String id,
            String changeKey,
            OptionalLong size,
            @Nullable Instant changedAt) implements Stored {}

    /**
     * A row of a database.
     *
     * @param length of its text, in bytes
     */
    record Row(
            String id,
            String changeKey,
            long length,
            @Nullable Instant changedAt) implements Stored {
        @Override
        public OptionalLong size() {
            return OptionalLong.of(length);
        }
    }

    /**
     * A page of a website; its id is its URL.
     *
     * @param name what a file with its content would be called; the extension tells the format
     * @param start in the file of fetched pages, in bytes; negative: it isn't in it, and is fetched when it is read
     * @param length in bytes; 0 if it isn't known
     */
    record Page(
            String id,
            String changeKey,
            String name,
            long start,
            int length,
            @Nullable Instant changedAt) implements Stored {
        @Override
        public OptionalLong size() {
            return start < 0 ? OptionalLong.empty() : OptionalLong.of(length);
        }
    }

    /**
     * A line of a JSON lines file, which is an object with the declared fields, or the value of a record that was written to a
     * file. The bytes of it are no others than those that were listed.
     *
     * @param file where the file can be read until the source is closed
     * @param start of the line, in bytes
     * @param length of the line, in bytes
     */
    record Line(
            String id,
            String changeKey,
            Path file,
            long start,
            int length,
            @Nullable Instant changedAt) implements Entry {}

    /** Something that can't be a document, for a reason that reading it would not change. */
    record Unreadable(String id, String changeKey, QuarantineReason reason, String message) implements Entry {}

    /** A document of which the source says that it was deleted. */
    record Gone(String id) implements Entry {
        @Override
        public String changeKey() {
            return "";
        }
    }
}
