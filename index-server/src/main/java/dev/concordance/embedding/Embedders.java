package dev.concordance.embedding;

import dev.concordance.embedding.remote.Purse;
import dev.concordance.embedding.remote.RemoteEmbedder;
import dev.concordance.manifest.EmbeddingModelManifest;
import dev.concordance.manifest.OnnxModel;
import dev.concordance.manifest.RemoteModel;

/** Opens models. */
public final class Embedders {
    private Embedders() {}

    /**
     * Loads the model that the manifest names; throws {@link ModelException}.
     *
     * @param purse pays for what a remote model does
     */
    public static Embedder open(EmbeddingModelManifest manifest, ModelFiles files, Purse purse) {
        return switch (manifest) {
            case OnnxModel onnx -> OnnxEmbedder.open(onnx, files);
            case RemoteModel remote ->
                RemoteEmbedder.open(remote, Tokenizers.open(files.copy(remote.tokenizer())), files.mounts(), purse);
        };
    }
}
