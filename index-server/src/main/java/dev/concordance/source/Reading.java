package dev.concordance.source;

import dev.concordance.elasticsearch.ElasticsearchConnection;
import dev.concordance.inbox.InboxErasure;
import dev.concordance.inbox.InboxReader;
import dev.concordance.manifest.IndexNames;
import java.nio.file.Path;
import java.time.InstantSource;
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
        @Nullable Inbox inbox) {
    /** What was pushed to the corpus, where it is read and where it is erased. */
    public record Inbox(InboxReader reader, InboxErasure erasure) {
        /** The inbox of a corpus. */
        public static Inbox of(ElasticsearchConnection elasticsearch, IndexNames names, InstantSource clock) {
            return new Inbox(
                    new InboxReader(elasticsearch, names.inbox()),
                    new InboxErasure(elasticsearch, names.inbox(), clock));
        }
    }

    /** For sources that aren't pushed to. */
    public Reading(Function<String, Path> mounts, Path workspace, long maxBytes, Predicate<String> passedOver) {
        this(mounts, workspace, maxBytes, passedOver, null);
    }
}
