package dev.concordance.testing;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.Role;
import dev.concordance.embedding.Tokenizer;
import dev.concordance.manifest.EmbeddingModelManifest;

/** A model that stays open when a run closes it. */
record Borrowed(Embedder model) implements Embedder {
    @Override
    public float[] embed(Role role, String text) {
        return model.embed(role, text);
    }

    @Override
    public Tokenizer tokenizer() {
        return model.tokenizer();
    }

    @Override
    public EmbeddingModelManifest manifest() {
        return model.manifest();
    }

    @Override
    public void close() {}
}
