package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which documents are erased. */
@JsonClassDescription(
        "Which documents are erased: those that documents, uris or metadata name, whether they are there or come later."
                + " Can't be changed.")
@ValidationRule(
        value = "self == oldSelf",
        message = "an Erasure can't be changed: create another one; both hold until they are deleted")
@ValidationRule(
        value = "(has(self.documents) && size(self.documents) > 0) || (has(self.uris) && size(self.uris) > 0) ||"
                + " (has(self.metadata) && size(self.metadata) > 0)",
        message = "say what is erased: at least one of documents, uris and metadata")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ErasureSpec(
        @JsonPropertyDescription("The Corpus, in the same namespace.") @Required @Nullable
        LocalReference corpusRef,

        @JsonPropertyDescription("Documents by their ids, at most 100.") @Size(max = MAX_NAMED) @Nullable
        List<NamedDocument> documents,

        @JsonPropertyDescription(
                "Documents by their URIs, as searches show them, at most 100. Example: https://docs.example.com/people/roe")
        @Size(max = MAX_NAMED)
        @Nullable
        List<@Size(min = 1, max = Rules.MAX_URL) String> uris,

        @JsonPropertyDescription(
                "Documents by their metadata, at most 20: a document is erased if all of matchFields of one of these hold.")
        @Size(max = MAX_SELECTORS)
        @Nullable
        List<MetadataSelector> metadata,

        @JsonPropertyDescription(
                "Of more documents than these, none is erased before somebody approves it; at most 1000. Default: 100.")
        @Min(1)
        @Max(MAX_DOCUMENTS)
        @Nullable
        Integer maxDocuments,

        @JsonPropertyDescription("How the receipt is signed. Default: it isn't.") @Nullable
        Receipt receipt) {
    static final int MAX_NAMED = 100;
    static final int MAX_SELECTORS = 20;
    static final int MAX_FIELDS = 8;

    /** Most documents of one Erasure. */
    public static final int MAX_DOCUMENTS = 1000;

    /** A document by its id. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record NamedDocument(
            @JsonPropertyDescription(
                    "The documentId of a hit: path, key, URL or value of the id field. Example: people/roe.md")
            @Required
            @Size(min = 1, max = Rules.MAX_PATH)
            @Nullable
            String id,

            @JsonPropertyDescription("Name of its source. Default: a document of this id in any source.")
            @Size(min = 1, max = Rules.MAX_LABEL)
            @ValidationRule(value = Rules.LABEL, message = Rules.LABEL_MESSAGE)
            @Nullable
            String source) {}

    /** Values of metadata. */
    public record MetadataSelector(
            @JsonPropertyDescription(
                    "Values by the names of fields, all of which a document has to have, at most 8. A field that is a list"
                            + " has a value if it is in it; numbers and booleans are compared as JSON writes them."
                            + " Example: {customer: \"4711\"}")
            @Required
            @Size(min = 1, max = MAX_FIELDS)
            @ValidationRule(
                    value = "self.all(field, size(field) >= 1 && size(field) <= 256)",
                    message = "name each field with 1 to 256 characters")
            @Nullable
            Map<String, @Size(max = Rules.MAX_PATH) String> matchFields) {}

    /** How the receipt is signed. */
    public record Receipt(
            @JsonPropertyDescription(
                    "An Ed25519 private key, as a PKCS#8 PEM text (openssl genpkey -algorithm ed25519) in a Secret of the same"
                            + " namespace; key by default ed25519.pem.")
            @Required
            @Nullable
            KeyReference signingKeySecretRef) {}
}
