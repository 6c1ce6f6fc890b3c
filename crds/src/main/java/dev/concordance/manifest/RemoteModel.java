package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

/**
 * A model that answers requests. Its weights can't be seen, so a name and a declared revision stand for them.
 *
 * @param model its name at the endpoint
 * @param revision raised by the user when the same name gives other vectors
 * @param tokenizer its own, or one that counts about as it does
 */
public record RemoteModel(
        String model,
        String revision,
        ModelFile tokenizer,
        int dimensions,
        int maxTokens,
        boolean normalize,
        String queryPrefix,
        String passagePrefix,
        @Nullable EmbeddingCache cache,
        RemoteAccess access)
        implements EmbeddingModelManifest {

    /** Digest of what identifies the model and of how passages are embedded by it; not of the endpoint, which may move. */
    @Override
    @JsonIgnore
    public String digest() {
        return new Fingerprint("remote-embedding-model/1")
                .with("model", model)
                .with("revision", revision)
                .with("tokenizer", tokenizer.sha256())
                .with("dimensions", dimensions)
                .with("maxTokens", maxTokens)
                .with("normalize", normalize)
                .with("passagePrefix", passagePrefix)
                .digest();
    }

    @Override
    public RemoteModel withQueryPrefix(String other) {
        return new RemoteModel(
                model, revision, tokenizer, dimensions, maxTokens, normalize, other, passagePrefix, cache, access);
    }

    /** The same model, reached so. */
    public RemoteModel with(RemoteAccess other) {
        return new RemoteModel(
                model, revision, tokenizer, dimensions, maxTokens, normalize, queryPrefix, passagePrefix, cache, other);
    }
}
