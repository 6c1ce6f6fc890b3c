package dev.concordance.parse;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Where the pages or slides of a document begin.
 *
 * @param starts of each page, from the first, the code point of the decoded source that it begins at; rising; empty for a
 *     document that has no pages
 */
public record Pages(List<Integer> starts) {
    /** Those of a document that has none. */
    public static final Pages NONE = new Pages(List.of());

    public Pages {
        starts = List.copyOf(starts);
    }

    /** The pages that a half-open, non-empty range of code points is on. */
    public Optional<Range> of(int start, int end) {
        return starts.isEmpty() ? Optional.empty() : Optional.of(new Range(page(start), page(end - 1)));
    }

    /** The last page that begins at the code point or before it: one without words begins where the next one does. */
    private int page(int codePoint) {
        var found = Collections.binarySearch(starts, codePoint);
        if (found < 0) {
            return Math.max(1, -found - 1);
        }
        while (found + 1 < starts.size() && starts.get(found + 1) == codePoint) {
            found++;
        }
        return found + 1;
    }

    /** From the first to the last page, both included, counted from 1. */
    public record Range(int first, int last) {}
}
