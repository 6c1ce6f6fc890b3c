package dev.concordance.testing;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.Role;
import dev.concordance.embedding.Tokenizer;
import dev.concordance.manifest.EmbeddingModelManifest;

/** Stands where a test's own process needs no model, since another one has it. */
public final class NoModel implements Embedder {
    @Override
    public float[] embed(Role role, String text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tokenizer tokenizer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public EmbeddingModelManifest manifest() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
