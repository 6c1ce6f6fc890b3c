package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.concordance.api.v1alpha1.EmbeddingModelSpec.Prefixes;
import dev.concordance.api.v1alpha1.EmbeddingModelSpec.VolumeFile;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A model behind an HTTP endpoint. */
@ValidationRule(
        value = Rules.NO_CREDENTIALS,
        message = "take the credentials out of the URL: everyone who may read this object sees them; put the key into a"
                + " Secret and name it in credentialsSecretRef",
        fieldPath = ".url")
@ValidationRule(
        value = "!has(self.caConfigMapRef) || self.url.startsWith('https://')",
        message = "caConfigMapRef is only of use with an https URL: write one, or take it out",
        fieldPath = ".caConfigMapRef")
@ValidationRule(
        value = "!has(self.budget) || has(self.price)",
        message = "declare price too: without it nobody knows when the budget is spent",
        fieldPath = ".budget")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RemoteModel(
        @JsonPropertyDescription(
                "What the endpoint speaks: OpenAI (POST url/embeddings; also vLLM, Ollama, LiteLLM and others) or TEI"
                        + " (POST url/embed; Hugging Face's Text Embeddings Inference).")
        @Required
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = "self in ['OpenAI', 'TEI']", message = "write OpenAI or TEI")
        @Nullable
        String protocol,

        @JsonPropertyDescription(
                "URL below which the protocol's path is, http or https, without credentials. Redirects are not followed."
                        + " Examples: https://api.openai.com/v1, http://tei.models.svc:8080")
        @Required
        @Size(min = 1, max = Rules.MAX_URL)
        @ValidationRule(
                value = "self.matches('^https?://[^/?#[:space:]]+(/[^?#[:space:]]*)?$')",
                message = "write an http or https URL without query and fragment, such as https://api.openai.com/v1")
        @Nullable
        String url,

        @JsonPropertyDescription(
                "Name of the model, as the endpoint knows it; with TEI, which serves one model, what its vectors are"
                        + " known by. Another name rebuilds the indexes. Example: text-embedding-3-small")
        @Required
        @Size(min = 1, max = Rules.MAX_FIELD)
        @Nullable
        String model,

        @JsonPropertyDescription(
                "Change it when the endpoint gives other vectors under the same name: indexes are rebuilt then, since"
                        + " vectors of two models can't be compared. Default: none.")
        @Size(max = Rules.MAX_FIELD)
        @Nullable
        String revision,

        @JsonPropertyDescription("Length of the model's vectors, 1 to 4096; checked with each answer. Example: 1536.")
        @Required
        @Min(1)
        @Max(EmbeddingModelSpec.MAX_DIMENSIONS)
        @Nullable
        Integer dimensions,

        @JsonPropertyDescription(
                "What counts the tokens of texts, so that chunks keep within their budgets and requests within their"
                        + " limits.")
        @Required
        @Nullable
        Tokenizer tokenizer,

        @JsonPropertyDescription(
                "Most tokens of one input, special tokens included, 16 to 8192; chunks are never larger. Default: 512.")
        @Min(EmbeddingModelSpec.MIN_TOKENS)
        @Max(EmbeddingModelSpec.MAX_TOKENS)
        @Nullable
        Integer maxTokens,

        @JsonPropertyDescription("Whether vectors are scaled to length 1. Default: true.") @Nullable
        Boolean normalize,

        @JsonPropertyDescription("What the model wants before a text, where it wants something.") @Nullable
        Prefixes prefixes,

        @JsonPropertyDescription(
                "Secret with apiKey, which is sent as a bearer token. Each Corpus's and QueryServer's namespace is this"
                        + " one. Default: none, requests have no credentials.")
        @Nullable
        LocalReference credentialsSecretRef,

        @JsonPropertyDescription(
                "Key of a ConfigMap with certificates in PEM form to trust instead of the platform's; only with an https"
                        + " URL. Default key: ca.crt.")
        @Nullable
        KeyReference caConfigMapRef,

        @JsonPropertyDescription("What the endpoint takes in a request and in a minute.") @Nullable
        Limits limits,

        @JsonPropertyDescription("What tokens cost. Default: nothing, and no money is counted.") @Nullable
        Price price,

        @JsonPropertyDescription("What may be spent. Default: as much as it takes.") @Nullable
        Budget budget) {
    static final String AMOUNT = "self.matches('^[0-9]{1,9}([.][0-9]{1,9})?$')";
    static final String AMOUNT_MESSAGE = "write an amount in decimal notation, such as \"0.02\"";
    static final int MAX_INPUTS = 2048;
    static final int MAX_REQUEST_TOKENS = 1_000_000;
    static final int MAX_CONCURRENT = 64;
    static final int MAX_PER_MINUTE = 1_000_000_000;
    static final String TIMEOUT = "self.matches('^[1-9][0-9]{0,5}(ms|s|m)$')";
    static final String TIMEOUT_MESSAGE = "write a number and a unit, such as 800ms or 30s";

    /** What counts tokens. */
    @ValidationRule(
            value = Rules.NO_CREDENTIALS,
            message =
                    "take the credentials out of the URL: everyone who may read this object sees them; put the file on"
                            + " a volume instead",
            fieldPath = ".url")
    @ValidationRule(
            value = "[has(self.bundled), has(self.volume), has(self.url)].exists_one(set, set)",
            message = "set exactly one of bundled, volume and url")
    @ValidationRule(
            value = "has(self.bundled) != has(self.sha256)",
            message = "write the sha256 of a file of your own, and none with bundled")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Tokenizer(
            @JsonPropertyDescription(
                    "The tokenizer of a bundled model: bge-small-en-v1.5-q or all-minilm-l6-v2-q (both BERT's, for"
                            + " English). Where it is not the remote model's own it only approximates: leave room in maxTokens."
                            + " Default: none, a file by volume or url.")
            @Size(max = Rules.MAX_FIELD)
            @ValidationRule(
                    value = "self in ['bge-small-en-v1.5-q', 'all-minilm-l6-v2-q']",
                    message = "write bge-small-en-v1.5-q or all-minilm-l6-v2-q, or declare a tokenizer.json by volume"
                            + " or url")
            @Nullable
            String bundled,

            @JsonPropertyDescription("A tokenizer.json on a volume of this namespace.") @Nullable
            VolumeFile volume,

            @JsonPropertyDescription(
                    "An http or https URL of a tokenizer.json; fetched when a pod starts, and refused if its SHA-256 is"
                            + " another one.")
            @Size(min = 1, max = Rules.MAX_URL)
            @ValidationRule(
                    value = "self.matches('^https?://[^/?#[:space:]]+/[^[:space:]{}|^`<>\"]+$')",
                    message =
                            "write an http or https URL of the file, such as https://models.example.com/tokenizer.json")
            @Nullable
            String url,

            @JsonPropertyDescription(
                    "SHA-256 of the file, 64 lower-case hexadecimal digits as sha256sum prints them; required but with"
                            + " bundled. Default: none.")
            @Size(max = Rules.MAX_FIELD)
            @ValidationRule(
                    value = "self.matches('^[0-9a-f]{64}$')",
                    message = "write the 64 lower-case hexadecimal digits that sha256sum prints for the file")
            @Nullable
            String sha256) {}

    /** What the endpoint takes. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Limits(
            @JsonPropertyDescription("Most texts of one request, 1 to 2048. Default: 32.")
            @Min(1)
            @Max(MAX_INPUTS)
            @Nullable
            Integer inputsPerRequest,

            @JsonPropertyDescription(
                    "Most tokens of one request, by the tokenizer, 16 to 1000000; a single text may have more."
                            + " Default: 8192.")
            @Min(EmbeddingModelSpec.MIN_TOKENS)
            @Max(MAX_REQUEST_TOKENS)
            @Nullable
            Integer tokensPerRequest,

            @JsonPropertyDescription(
                    "Most requests under way at a time, 1 to 64; each ingestion pod and each query server for itself."
                            + " Default: 4.")
            @Min(1)
            @Max(MAX_CONCURRENT)
            @Nullable
            Integer concurrentRequests,

            @JsonPropertyDescription("Most requests a minute of one ingestion pod. Default: no limit.")
            @Min(1)
            @Max(MAX_PER_MINUTE)
            @Nullable
            Integer requestsPerMinute,

            @JsonPropertyDescription("Most tokens a minute of one ingestion pod, by the tokenizer. Default: no limit.")
            @Min(1)
            @Max(MAX_PER_MINUTE)
            @Nullable
            Integer tokensPerMinute,

            @JsonPropertyDescription("After it a request of ingestion counts as unanswered. Default: 30s.")
            @Size(max = Rules.MAX_FIELD)
            @ValidationRule(value = TIMEOUT, message = TIMEOUT_MESSAGE)
            @Nullable
            String requestTimeout,

            @JsonPropertyDescription(
                    "How long a search waits for the vector of its query; after it words only are searched, which"
                            + " degraded tells. Never more than half of the search's own timeout. Default: 1s.")
            @Size(max = Rules.MAX_FIELD)
            @ValidationRule(value = TIMEOUT, message = TIMEOUT_MESSAGE)
            @Nullable
            String queryTimeout) {}

    /** What tokens cost. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Price(
            @JsonPropertyDescription("Price of a million tokens, a decimal number as a string. Example: \"0.02\"")
            @Required
            @Size(min = 1, max = Rules.MAX_LABEL)
            @ValidationRule(value = AMOUNT, message = AMOUNT_MESSAGE)
            @Nullable
            String perMillionTokens,

            @JsonPropertyDescription("Currency, three capital letters. Default: USD.")
            @Size(max = Rules.MAX_LABEL)
            @ValidationRule(
                    value = "self.matches('^[A-Z]{3}$')",
                    message = "write three capital letters, such as USD or EUR")
            @Nullable
            String currency) {}

    /** What may be spent. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Budget(
            @JsonPropertyDescription(
                    "What the ingestion of all corpora of the namespace together may spend on this model in a calendar"
                            + " month (UTC), in the price's currency. Before it would be exceeded nothing more is embedded until"
                            + " the next month; what needs no embedding goes on. Example: \"25\"")
            @Required
            @Size(min = 1, max = Rules.MAX_LABEL)
            @ValidationRule(value = AMOUNT, message = AMOUNT_MESSAGE)
            @Nullable
            String perMonth) {}
}
