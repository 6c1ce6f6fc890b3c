package dev.concordance.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.manifest.AnnRecall.Depth;

/** How the chunks of the nearest vectors are asked for, by searches and by what measures how much these find. */
public final class NearestQuery {
    /** A search gives so many candidates at least, so that fusion has something to choose from. */
    public static final int FEWEST = 50;

    /** Elasticsearch gives and explores no more. */
    public static final int MOST = 10_000;

    private NearestQuery() {}

    /** The {@code knn} of a search. */
    public static ObjectNode of(float[] vector, int wanted, Depth depth) {
        var query = ManifestJson.mapper().createObjectNode();
        query.put("field", ChunkFields.VECTOR)
                .put("k", wanted)
                .put("num_candidates", Math.min(MOST, depth.explored() * wanted));
        // 0 is how Elasticsearch is told to compare none once more.
        query.putObject("rescore_vector").put("oversample", depth.oversample() == 1 ? 0 : depth.oversample());
        var values = query.putArray("query_vector");
        for (var value : vector) {
            values.add(value);
        }
        return query;
    }
}
