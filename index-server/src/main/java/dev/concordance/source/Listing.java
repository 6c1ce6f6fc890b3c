package dev.concordance.source;

import java.util.List;

/**
 * What a source holds at one moment.
 *
 * @param position what was listed: a git commit, or a digest of the listing
 * @param entries each id once, in a fixed order
 * @param passedOver how many selected files are no documents by their names or kinds
 */
public record Listing(String position, List<Entry> entries, long passedOver) {
    public Listing {
        entries = List.copyOf(entries);
    }
}
