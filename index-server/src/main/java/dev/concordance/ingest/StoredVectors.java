package dev.concordance.ingest;

import dev.concordance.index.GenerationReader;
import dev.concordance.shared.SharedVectors;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * The vectors that the generations of a corpus have, and those that the corpora of the namespace share.
 *
 * @param looksUp false: the generations are known to hold nothing, so nobody asks them
 */
record StoredVectors(GenerationReader reader, List<Integer> otherGenerations, boolean looksUp, SharedVectors shared)
        implements Embedding.Known {
    StoredVectors {
        otherGenerations = List.copyOf(otherGenerations);
    }

    @Override
    public Map<String, float[]> find(Collection<String> hashes) {
        var found = new HashMap<String, float[]>();
        if (looksUp) {
            found.putAll(reader.vectors(hashes, otherGenerations));
        }
        var missing = new HashSet<>(hashes);
        missing.removeAll(found.keySet());
        found.putAll(shared.find(missing));
        return found;
    }

    @Override
    public void keep(Map<String, float[]> vectors) {
        shared.keep(vectors);
    }
}
