package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * Everything that determines the vector of a text. Two models with the same {@link #digest()} give the same vectors; a
 * model's Kubernetes name plays no part.
 *
 * @param maxTokens the most tokens of one input, special tokens included; longer texts are cut there
 * @param queryPrefix put before a query's text, never before a passage's
 * @param passagePrefix put before a passage's text, never before a query's
 */
public record EmbeddingModelManifest(
        ModelFile model,
        ModelFile tokenizer,
        int dimensions,
        int maxTokens,
        Pooling pooling,
        boolean normalize,
        String queryPrefix,
        String passagePrefix) {

    /** Digest of the model's content and of how it is used; where its files come from plays no part. */
    @JsonIgnore
    public String digest() {
        return new Fingerprint("embedding-model/1")
                .with("model", model.sha256())
                .with("tokenizer", tokenizer.sha256())
                .with("dimensions", dimensions)
                .with("maxTokens", maxTokens)
                .with("pooling", pooling)
                .with("normalize", normalize)
                .with("queryPrefix", queryPrefix)
                .with("passagePrefix", passagePrefix)
                .digest();
    }
}
