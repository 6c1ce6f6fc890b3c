package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** Exactly one of a bundled model and an ONNX model of one's own. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmbeddingModelSpec(
        @Nullable Bundled bundled, @Nullable Onnx onnx) {

    /** A model that the index server's image holds. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Bundled(@Nullable String name) {}

    /** An ONNX file with its tokenizer. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Onnx(
            @Nullable ModelFile model,
            @Nullable ModelFile tokenizer,
            @Nullable Integer dimensions,
            @Nullable Integer maxTokens,
            @Nullable String pooling,
            @Nullable Boolean normalize,
            @Nullable Prefixes prefixes) {}

    /** One file, on a volume or behind a URL. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ModelFile(
            @Nullable VolumeFile volume,
            @Nullable String url,
            @Nullable String sha256) {}

    /** A file on a PersistentVolumeClaim. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record VolumeFile(
            @Nullable String claimName, @Nullable String path) {}

    /** What the model wants before a text. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Prefixes(@Nullable String query, @Nullable String passage) {}
}
