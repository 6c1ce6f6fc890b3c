package dev.concordance.source;

import dev.concordance.spool.Sequence;

/**
 * What a source holds at one moment.
 *
 * @param position what was listed: a git commit, or a digest of the listing
 * @param entries each id once, in the order of ids
 * @param passedOver how many selected files are no documents by their names or kinds
 */
public record Listing(String position, Sequence<Entry> entries, long passedOver) {}
