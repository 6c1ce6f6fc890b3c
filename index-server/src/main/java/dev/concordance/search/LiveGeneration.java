package dev.concordance.search;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an alias points to.
 *
 * @param modelDigest of the model that gave its vectors
 * @param dimensions of its vectors
 * @param documentLevel whether its documents say who may see them
 * @param freshAsOf null: no run has ended well yet
 */
record LiveGeneration(
        String index,
        int number,
        String modelDigest,
        int dimensions,
        boolean documentLevel,
        @Nullable Instant freshAsOf) {}
