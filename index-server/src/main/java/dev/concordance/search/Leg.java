package dev.concordance.search;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hits of one leg, best first. */
record Leg(List<Hit> hits) {
    /**
     * A hit, as bytes of the answer that it is in: only what is shown is ever decoded.
     *
     * @param key of the document
     * @param version of the document that the chunk is of
     * @param source the chunk's fields as JSON
     * @param highlight the fragments as JSON; null for none
     */
    record Hit(
            String index,
            String id,
            String key,
            long version,
            double score,
            Slice source,
            @Nullable Slice highlight) {}

    /** Part of the answer. */
    record Slice(int from, int to) {}
}
