package dev.concordance.manifest;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * Everything that determines the vector of a text, and where the model is. Two models with the same {@link #digest()} give passages
 * the same vectors; a model's Kubernetes name plays no part.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind", defaultImpl = OnnxModel.class)
@JsonSubTypes({
    @JsonSubTypes.Type(value = OnnxModel.class, name = "onnx"),
    @JsonSubTypes.Type(value = RemoteModel.class, name = "remote")
})
public sealed interface EmbeddingModelManifest permits OnnxModel, RemoteModel {
    /** The {@code tokenizer.json} by which the size of texts is told. */
    ModelFile tokenizer();

    /** Length of the vectors. */
    int dimensions();

    /** The most tokens of one input, special tokens included. */
    int maxTokens();

    /** Whether vectors are scaled to length 1. */
    boolean normalize();

    /** Put before a query's text, never before a passage's. */
    String queryPrefix();

    /** Put before a passage's text, never before a query's. */
    String passagePrefix();

    /** How vectors are kept for all corpora of the namespace; null: they aren't. */
    @Nullable
    EmbeddingCache cache();

    /**
     * Digest of all that determines the vectors of passages; what is put before queries, where the model is, and what it costs, plays no
     * part.
     */
    String digest();

    /** The same model, before whose queries this is put. */
    EmbeddingModelManifest withQueryPrefix(String other);
}
