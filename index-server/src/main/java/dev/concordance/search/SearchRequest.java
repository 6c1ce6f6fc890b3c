package dev.concordance.search;

import dev.concordance.manifest.RoutingTable.Fusion;
import dev.concordance.manifest.RoutingTable.Mode;
import org.jspecify.annotations.Nullable;

/**
 * A search as it was asked, checked, with the route's settings where it says nothing.
 *
 * @param query the text; null only with a vector and no lexical leg
 * @param vector the query's vector instead of the text's, of length 1
 * @param k how many hits
 * @param byDocument at most one hit, the best, of each document
 * @param waitFor what has to be searchable first; null: nothing
 */
public record SearchRequest(
        @Nullable String query,
        float @Nullable [] vector,
        int k,
        Mode mode,
        Fusion fusion,
        @Nullable Filter filter,
        boolean rerank,
        boolean byDocument,
        boolean highlight,
        boolean explain,
        @Nullable WaitFor waitFor) {}
