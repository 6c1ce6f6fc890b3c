package dev.concordance.source;

import dev.concordance.access.AccessRules;
import dev.concordance.spool.Sequence;
import org.jspecify.annotations.Nullable;

/**
 * What a source holds at one moment.
 *
 * @param position what was listed: a git commit, or a digest of the listing
 * @param entries each id once, in the order of ids
 * @param passedOver how many selected files are no documents by their names or kinds
 * @param access who may see the files, by their paths; null: that isn't said in a file
 */
public record Listing(
        String position,
        Sequence<Entry> entries,
        long passedOver,
        @Nullable AccessRules access) {}
