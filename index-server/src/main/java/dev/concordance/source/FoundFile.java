package dev.concordance.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A selected file of a source, of which nothing was read yet. */
interface FoundFile {
    /** Path within the source, with which it is a document's id. */
    String name();

    /** Its bytes; empty where they are only known once it is fetched. */
    OptionalLong size();

    /** As long as it stays the same, so does the file. */
    String changeKey() throws IOException;

    /** When its source was given it as it is; null: the source doesn't tell. */
    @Nullable
    Instant changedAt() throws IOException;

    /** Where it can be read from the middle, if it holds many documents. */
    Path local() throws IOException;

    /** Opens it there. */
    default InputStream open(Path local) throws IOException {
        return Files.newInputStream(local);
    }
}
