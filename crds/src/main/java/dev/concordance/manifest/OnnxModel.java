package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

/** A model that runs where its vectors are needed; longer texts are cut at {@code maxTokens}. */
public record OnnxModel(
        ModelFile model,
        ModelFile tokenizer,
        int dimensions,
        int maxTokens,
        Pooling pooling,
        boolean normalize,
        String queryPrefix,
        String passagePrefix,
        @Nullable EmbeddingCache cache)
        implements EmbeddingModelManifest {

    /** Digest of the model's content and of how passages are embedded by it. */
    @Override
    @JsonIgnore
    public String digest() {
        return new Fingerprint("embedding-model/1")
                .with("model", model.sha256())
                .with("tokenizer", tokenizer.sha256())
                .with("dimensions", dimensions)
                .with("maxTokens", maxTokens)
                .with("pooling", pooling)
                .with("normalize", normalize)
                .with("passagePrefix", passagePrefix)
                .digest();
    }

    @Override
    public OnnxModel withQueryPrefix(String other) {
        return new OnnxModel(model, tokenizer, dimensions, maxTokens, pooling, normalize, other, passagePrefix, cache);
    }

    /** This model, whose vectors are kept so. */
    public OnnxModel with(@Nullable EmbeddingCache kept) {
        return new OnnxModel(
                model, tokenizer, dimensions, maxTokens, pooling, normalize, queryPrefix, passagePrefix, kept);
    }
}
