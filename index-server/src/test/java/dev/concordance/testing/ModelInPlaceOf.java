package dev.concordance.testing;

import dev.concordance.embedding.Embedder;
import dev.concordance.embedding.Role;
import dev.concordance.embedding.Tokenizer;
import dev.concordance.manifest.EmbeddingModelManifest;

/** Is another model but for what it changes, and leaves that one open when a run closes it. */
public interface ModelInPlaceOf extends Embedder {
    Embedder model();

    @Override
    default float[] embed(Role role, String text) {
        return model().embed(role, text);
    }

    @Override
    default Tokenizer tokenizer() {
        return model().tokenizer();
    }

    @Override
    default EmbeddingModelManifest manifest() {
        return model().manifest();
    }

    @Override
    default void close() {}
}
