package dev.concordance.search;

import dev.concordance.manifest.AnnRecall;
import dev.concordance.manifest.AnnRecall.Depth;
import dev.concordance.manifest.AnnRecall.Measured;
import dev.concordance.manifest.RoutingTable.Semantic;
import dev.concordance.manifest.VectorStorage;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an alias points to.
 *
 * @param modelDigest of the model that gave its vectors
 * @param dimensions of its vectors
 * @param siblings at most so many chunks are shown as one
 * @param documentLevel whether its documents say who may see them
 * @param vectors how they are kept
 * @param freshAsOf null: no run has ended well yet
 * @param annRecall null: not measured yet
 */
record LiveGeneration(
        String index,
        int number,
        String modelDigest,
        int dimensions,
        int siblings,
        boolean documentLevel,
        VectorStorage vectors,
        @Nullable Instant freshAsOf,
        @Nullable AnnRecall annRecall) {
    LiveGeneration withFreshness(Instant moment) {
        return new LiveGeneration(
                index, number, modelDigest, dimensions, siblings, documentLevel, vectors, moment, annRecall);
    }

    /** How thoroughly its vectors are compared where this is declared. */
    Depth depth(Semantic declared) {
        return Optional.ofNullable(annRecall)
                .flatMap(measured -> measured.best(declared))
                .map(Measured::depth)
                .orElseGet(() -> Depth.unmeasured(vectors, declared.oversample()));
    }
}
