package dev.concordance.search;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an alias points to.
 *
 * @param modelDigest of the model that gave its vectors
 * @param dimensions of its vectors
 * @param siblings at most so many chunks are shown as one
 * @param documentLevel whether its documents say who may see them
 * @param freshAsOf null: no run has ended well yet
 */
record LiveGeneration(
        String index,
        int number,
        String modelDigest,
        int dimensions,
        int siblings,
        boolean documentLevel,
        @Nullable Instant freshAsOf) {
    LiveGeneration withFreshness(Instant moment) {
        return new LiveGeneration(index, number, modelDigest, dimensions, siblings, documentLevel, moment);
    }
}
