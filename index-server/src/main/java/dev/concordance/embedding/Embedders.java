package dev.concordance.embedding;

import dev.concordance.manifest.EmbeddingModelManifest;

/** Opens models. */
public final class Embedders {
    private Embedders() {}

    /** Loads the model that the manifest names; throws {@link ModelException}. */
    public static Embedder open(EmbeddingModelManifest manifest, ModelFiles files) {
        return OnnxEmbedder.open(manifest, files);
    }
}
