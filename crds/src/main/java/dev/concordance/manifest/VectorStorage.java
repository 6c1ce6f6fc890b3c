package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How vectors are kept and found: the {@code index_options} of Elasticsearch's {@code dense_vector}.
 *
 * @param m neighbours of a vector in the graph (Malkov and Yashunin, 2018)
 * @param efConstruction candidates for them
 */
public record VectorStorage(Type type, int m, int efConstruction) {
    /** What Elasticsearch takes where nothing is said of the graph. */
    public static final int M = 16;

    /** See {@link #M}. */
    public static final int EF_CONSTRUCTION = 100;

    /** Where nothing is declared. */
    public static final VectorStorage DEFAULT = new VectorStorage(Type.INT8_HNSW, M, EF_CONSTRUCTION);

    /** Forms of vectors, under Elasticsearch's names. */
    public enum Type {
        /** All floats, in a graph. */
        @JsonProperty("hnsw")
        HNSW(false, true),
        /** A byte a dimension, in a graph. */
        @JsonProperty("int8_hnsw")
        INT8_HNSW(true, true),
        /** A bit a dimension, in a graph. */
        @JsonProperty("bbq_hnsw")
        BBQ_HNSW(true, true),
        /** All floats, compared with every one. */
        @JsonProperty("flat")
        FLAT(false, false);

        private final boolean quantized;
        private final boolean graph;

        Type(boolean quantized, boolean graph) {
            this.quantized = quantized;
            this.graph = graph;
        }

        /** Whether vectors are compared by less than their floats, so that it is of use to compare the best once more by those. */
        public boolean isQuantized() {
            return quantized;
        }

        /** Whether not all vectors are looked at. */
        public boolean hasGraph() {
            return graph;
        }
    }

    /** Fewest dimensions that it can be had for. */
    public int fewestDimensions() {
        return type == Type.BBQ_HNSW ? 64 : 1;
    }
}
