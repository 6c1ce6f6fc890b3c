package dev.concordance.source;

import dev.concordance.access.AccessRules;
import dev.concordance.spool.Sequence;
import org.jspecify.annotations.Nullable;

/**
 * What a source holds at one moment, or what of it has changed since another one.
 *
 * @param position what was listed: a git commit, a digest of the listing, or what a {@link ChangeFeed} goes on from
 * @param entries each id once, in the order of ids
 * @param passedOver how many selected files are no documents by their names or kinds
 * @param access who may see the files, by their paths; null: that isn't said in a file
 * @param extent what it means that an id is not among the entries
 * @param incomplete why documents may be missing from it, so that none is deleted for it; null: none is missing
 */
public record Listing(
        String position,
        Sequence<Entry> entries,
        long passedOver,
        @Nullable AccessRules access,
        Extent extent,
        @Nullable SourceException incomplete) {
    /** Of what the entries are all there is. */
    public enum Extent {
        /** Of what the source holds: another document is gone. */
        Whole,
        /** Of what has changed: another document is as it was. */
        Changes
    }

    /** All that a source holds. */
    public Listing(String position, Sequence<Entry> entries, long passedOver, @Nullable AccessRules access) {
        this(position, entries, passedOver, access, Extent.Whole, null);
    }

    /** The same, from which documents may be missing. */
    public Listing without(SourceException missing) {
        return new Listing(position, entries, passedOver, access, extent, missing);
    }
}
