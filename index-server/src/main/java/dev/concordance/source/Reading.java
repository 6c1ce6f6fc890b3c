package dev.concordance.source;

import dev.concordance.inbox.InboxReader;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How the sources of a run are read.
 *
 * @param mounts folder of a mount by its name
 * @param workspace a folder for what is fetched
 * @param maxBytes larger documents are refused
 * @param passedOver whether a file of this path is no document, so that nobody reads it
 * @param inbox what was pushed to the corpus; null: sources aren't pushed to
 */
public record Reading(
        Function<String, Path> mounts,
        Path workspace,
        long maxBytes,
        Predicate<String> passedOver,
        @Nullable InboxReader inbox) {
    /** For sources that aren't pushed to. */
    public Reading(Function<String, Path> mounts, Path workspace, long maxBytes, Predicate<String> passedOver) {
        this(mounts, workspace, maxBytes, passedOver, null);
    }
}
