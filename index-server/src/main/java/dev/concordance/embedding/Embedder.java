package dev.concordance.embedding;

import dev.concordance.manifest.EmbeddingModelManifest;

/** Gives the vectors of one model. Safe for use by many threads; as many callers as cores use the machine fully. */
public interface Embedder extends AutoCloseable {
    /** The vector of a text, {@code manifest().dimensions()} long; the same text always gives the same bits. */
    float[] embed(Role role, String text);

    /** The model's own tokenizer, by which chunk sizes are counted. */
    Tokenizer tokenizer();

    /** Which model this is. */
    EmbeddingModelManifest manifest();

    @Override
    void close();
}
