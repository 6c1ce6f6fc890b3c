package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Exactly one of a bundled model, an ONNX model of one's own, and a remote one. */
@JsonClassDescription(
        "Where the model is and how it is used, exactly one of bundled, onnx and remote. A change of what determines its"
                + " vectors rebuilds the index of each Corpus that uses it beside the live one; moving its files does not.")
@ValidationRule(
        value = "[has(self.bundled), has(self.onnx), has(self.remote)].exists_one(set, set)",
        message = "set exactly one of bundled, onnx and remote")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmbeddingModelSpec(
        @JsonPropertyDescription("A model that the index server's image holds; nothing is fetched at run time.")
        @Nullable
        Bundled bundled,

        @JsonPropertyDescription(
                "A model of your own: an ONNX file whose output last_hidden_state has one vector a token, and its"
                        + " tokenizer.json. It runs on the CPU of the ingestion pods and of the query servers.")
        @Nullable
        Onnx onnx,

        @JsonPropertyDescription(
                "A model that answers requests. It costs money or another machine's time, so that what it answered is kept,"
                        + " counted and, if that is declared, limited.")
        @Nullable
        RemoteModel remote,

        @JsonPropertyDescription(
                "How vectors are kept in Elasticsearch for all corpora of the namespace, so that no text is embedded twice."
                        + " Default: a remote model's are kept, others' are not.")
        @Nullable
        Cache cache) {
    static final int MAX_DIMENSIONS = 4096;
    static final int MIN_TOKENS = 16;
    static final int MAX_TOKENS = 8192;
    static final int MAX_PREFIX = 512;
    static final int MAX_UNUSED_MONTHS = 120;
    static final int MIN_VECTORS = 1_000;
    static final int MAX_VECTORS = 100_000_000;

    /** How vectors are kept. */
    @ValidationRule(
            value = "!has(self.enabled) || self.enabled || !has(self.unusedMonths) && !has(self.maxVectors)",
            message = "take out unusedMonths and maxVectors, or enable the cache")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Cache(
            @JsonPropertyDescription(
                    "Whether vectors are kept. Default: true if the model is remote or another field is set here.")
            @Nullable
            Boolean enabled,

            @JsonPropertyDescription(
                    "A vector goes when it was not used for so many calendar months, 1 to 120. Default: 3.")
            @Min(1)
            @Max(MAX_UNUSED_MONTHS)
            @Nullable
            Integer unusedMonths,

            @JsonPropertyDescription(
                    "Most vectors that are kept after a run, 1000 to 100000000; those go first that were not used for"
                            + " longest. Default: 1000000.")
            @Min(MIN_VECTORS)
            @Max(MAX_VECTORS)
            @Nullable
            Integer maxVectors) {}

    /** A model that the index server's image holds. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Bundled(
            @JsonPropertyDescription(
                    "Name of the model: bge-small-en-v1.5-q (better answers; what holds for a Corpus without a model)"
                            + " or all-minilm-l6-v2-q (twice as fast). Both are for English, have 384 dimensions, take 512 tokens and"
                            + " have weights of 8 bits.")
            @Required
            @Size(max = Rules.MAX_FIELD)
            @ValidationRule(
                    value = "self in ['bge-small-en-v1.5-q', 'all-minilm-l6-v2-q']",
                    message =
                            "write bge-small-en-v1.5-q or all-minilm-l6-v2-q, or declare a model of your own under onnx")
            @Nullable
            String name) {}

    /** An ONNX file with its tokenizer. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Onnx(
            @JsonPropertyDescription("The ONNX file.") @Required @Nullable
            ModelFile model,

            @JsonPropertyDescription("The tokenizer.json that belongs to the model.") @Required @Nullable
            ModelFile tokenizer,

            @JsonPropertyDescription(
                    "Length of the model's vectors, 1 to 4096; checked when the model is loaded. Example: 384.")
            @Required
            @Min(1)
            @Max(MAX_DIMENSIONS)
            @Nullable
            Integer dimensions,

            @JsonPropertyDescription(
                    "Most tokens of one input, special tokens included, 16 to 8192; longer texts are cut there."
                            + " Default: 512.")
            @Min(MIN_TOKENS)
            @Max(MAX_TOKENS)
            @Nullable
            Integer maxTokens,

            @JsonPropertyDescription(
                    "How the vectors of the tokens become the one of the text: mean (their mean) or cls (the first"
                            + " token's). The model's card says which one it was trained for. Default: mean.")
            @Size(max = Rules.MAX_FIELD)
            @ValidationRule(value = "self in ['mean', 'cls']", message = "write mean or cls")
            @Nullable
            String pooling,

            @JsonPropertyDescription("Whether vectors are scaled to length 1. Default: true.") @Nullable
            Boolean normalize,

            @JsonPropertyDescription("What the model wants before a text, where it wants something.") @Nullable
            Prefixes prefixes) {}

    /** One file, on a volume or behind a URL. */
    @ValidationRule(
            value = Rules.NO_CREDENTIALS,
            message =
                    "take the credentials out of the URL: everyone who may read this object sees them; put the file on"
                            + " a volume instead",
            fieldPath = ".url")
    @ValidationRule(value = "has(self.volume) != has(self.url)", message = "set exactly one of volume and url")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ModelFile(
            @JsonPropertyDescription(
                    "A file on a volume; each Corpus's and QueryServer's namespace needs a claim of this name.")
            @Nullable
            VolumeFile volume,

            @JsonPropertyDescription(
                    "An http or https URL; fetched when a pod starts, and refused if its SHA-256 is another one."
                            + " Example: https://models.example.com/e5-small/model.onnx")
            @Size(min = 1, max = Rules.MAX_URL)
            @ValidationRule(
                    value = "self.matches('^https?://[^/?#[:space:]]+/[^[:space:]{}|^`<>\"]+$')",
                    message = "write an http or https URL of the file, such as https://models.example.com/model.onnx")
            @Nullable
            String url,

            @JsonPropertyDescription(
                    "SHA-256 of the file, 64 lower-case hexadecimal digits as sha256sum prints them; it identifies the"
                            + " model's content, so that equal models are known to give equal vectors.")
            @Required
            @Size(max = Rules.MAX_FIELD)
            @ValidationRule(
                    value = "self.matches('^[0-9a-f]{64}$')",
                    message = "write the 64 lower-case hexadecimal digits that sha256sum prints for the file")
            @Nullable
            String sha256) {}

    /** A file on a PersistentVolumeClaim. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record VolumeFile(
            @JsonPropertyDescription("Name of the PersistentVolumeClaim; mounted read-only.")
            @Required
            @Size(min = 1, max = Rules.MAX_NAME)
            @ValidationRule(value = Rules.NAME, message = Rules.NAME_MESSAGE)
            @Nullable
            String claimName,

            @JsonPropertyDescription("Path of the file below the volume's root. Example: e5-small/model.onnx")
            @Required
            @Size(min = 1, max = Rules.MAX_PATH)
            @ValidationRule(value = Rules.INSIDE, message = Rules.INSIDE_MESSAGE)
            @Nullable
            String path) {}

    /** What the model wants before a text. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Prefixes(
            @JsonPropertyDescription("Put before a query, with its trailing space. Default: none. Example: \"query: \"")
            @Size(max = MAX_PREFIX)
            @Nullable
            String query,

            @JsonPropertyDescription(
                    "Put before a passage, with its trailing space. Default: none. Example: \"passage: \"")
            @Size(max = MAX_PREFIX)
            @Nullable
            String passage) {}
}
