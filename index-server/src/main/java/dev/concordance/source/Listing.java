package dev.concordance.source;

import java.util.List;

/**
 * What a source holds at one moment.
 *
 * @param position what was listed: a git commit, or a digest of the listing
 * @param entries each id once, in a fixed order
 */
public record Listing(String position, List<Entry> entries) {
    public Listing {
        entries = List.copyOf(entries);
    }
}
