package dev.concordance.source;

import dev.concordance.spool.Sequence;
import org.jspecify.annotations.Nullable;

/**
 * What a source holds at one moment.
 *
 * @param position what was listed: a git commit, or a digest of the listing
 * @param entries each id once, in the order of ids
 * @param passedOver how many selected files are no documents by their names or kinds
 * @param incomplete why documents may be missing from it, so that none is deleted for it; null: it is whole
 */
public record Listing(
        String position,
        Sequence<Entry> entries,
        long passedOver,
        @Nullable SourceException incomplete) {
    /** A whole listing. */
    public Listing(String position, Sequence<Entry> entries, long passedOver) {
        this(position, entries, passedOver, null);
    }

    /** The same, from which documents may be missing. */
    public Listing without(SourceException missing) {
        return new Listing(position, entries, passedOver, missing);
    }
}
