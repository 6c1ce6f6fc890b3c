package dev.concordance.operator.elastic;

import dev.concordance.manifest.GenerationManifest;
import dev.concordance.manifest.GenerationState;
import java.time.Instant;
import java.util.Optional;

/**
 * A generation as Elasticsearch has it.
 *
 * @param manifest from the mapping's {@code _meta}; empty where only remains are left, or an index that isn't ours
 * @param intact whether both the index and its manifest index exist
 * @param live whether the corpus's alias points to it
 * @param replicas of the index
 * @param servedSince when the operator pointed the alias to it the last time; empty: it never did
 * @param state what the last successful run left in it; empty: no run has ended well
 */
public record StoredGeneration(
        int number,
        Optional<GenerationManifest> manifest,
        boolean intact,
        boolean live,
        Optional<Instant> servedSince,
        int replicas,
        Optional<GenerationState> state) {

    /** The manifest's digest, or empty where there is none. */
    public Optional<String> digest() {
        return manifest.map(GenerationManifest::digest);
    }
}
