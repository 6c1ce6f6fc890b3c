package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was erased, and the proof. */
@JsonClassDescription("What was erased, what shows it, and what is still pending.")
@SchemaCustomizer(value = ListType.class, input = "conditions=map:type")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ErasureStatus(
        @JsonPropertyDescription("Generation of the spec (metadata.generation) that this status is of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Pending: nothing is erased yet. Erasing: a run is at work. Verified: nothing of it is found any more."
                        + " Refused: more documents match than may be erased.")
        @Nullable
        String phase,

        @JsonPropertyDescription(
                "Since when nothing that is covered is indexed or shown; ISO 8601. Absent until it is known not to be too much.")
        @Nullable
        String effectiveSince,

        @JsonPropertyDescription("Documents that were erased, or of a refused Erasure that match.") @Nullable
        Long documents,

        @JsonPropertyDescription(
                "Keys of the erased documents in their Corpus, which stay erased whatever their metadata says later.")
        @Nullable
        List<String> documentKeys,

        @JsonPropertyDescription("The newest run that erases.") @Nullable
        Run lastRun,

        @JsonPropertyDescription(
                "When the last deletion was done, or, if there was nothing to delete, when that was found first; ISO 8601.")
        @Nullable
        String erasedAt,

        @JsonPropertyDescription("The last search for what was erased, which has found none of it.") @Nullable
        Verification verification,

        @JsonPropertyDescription("What may still hold some of it, at most 50.") @Nullable
        List<Pending> pending,

        @JsonPropertyDescription("The proof, to be kept and handed on.") @Nullable
        Receipt receipt,

        @JsonPropertyDescription(
                "Ready: everything covered is gone from all indexes, and the receipt is as declared. Reconciling: work is"
                        + " under way. Stalled: nothing goes on until somebody changes something. Complete: nothing is"
                        + " pending any more.")
        @Nullable
        List<Condition> conditions) {

    /** Most of {@link #pending}. */
    public static final int MAX_PENDING = 50;

    /** A run that erases. */
    public record Run(
            @JsonPropertyDescription("Name of the IngestionRun.") @Nullable
            String name,

            @JsonPropertyDescription("Its number among the Erasure's runs.") @Nullable
            Integer sequence) {}

    /** A search for what was erased. */
    public record Verification(
            @JsonPropertyDescription("When it ended; ISO 8601.") @Nullable
            String at,

            @JsonPropertyDescription("Indexes in which every passage, record and pushed document was looked at.")
            @Nullable
            Integer indexes,

            @JsonPropertyDescription("Texts that were searched for exactly.") @Nullable
            Long texts,

            @JsonPropertyDescription("Vectors whose neighbours were looked at.") @Nullable
            Long vectors,

            @JsonPropertyDescription(
                    "Passages of documents that are not covered and say word for word the same as an erased one.")
            @Nullable
            Long sameText) {}

    /** What may still hold something. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Pending(
            @JsonPropertyDescription(
                    "Snapshot: a snapshot of Elasticsearch. UnknownSnapshots: they can't be listed. FormerVectors: vectors of"
                            + " former versions, without text, among those that corpora share.")
            @Nullable
            String kind,

            @JsonPropertyDescription(
                    "Its name; of a snapshot repository/snapshot. N more: there is no room for their names.")
            @Nullable
            String name,

            @JsonPropertyDescription("When it was made; ISO 8601.") @Nullable
            String since,

            @JsonPropertyDescription("When it goes by itself; ISO 8601. Absent: nobody knows.") @Nullable
            String expires,

            @JsonPropertyDescription("More about it.") @Nullable
            String detail) {}

    /** The proof. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Receipt(
            @JsonPropertyDescription(
                    "What is certified, as canonical JSON (RFC 8785): counts for each store, digests of what was erased, the"
                            + " search for it, and what is pending.")
            @Nullable
            String statement,

            @JsonPropertyDescription("Ed25519 (RFC 8032), where it is signed.") @Nullable
            String algorithm,

            @JsonPropertyDescription("The signature of the statement's bytes in UTF-8, in Base64.") @Nullable
            String signature,

            @JsonPropertyDescription("The key to check it with, as PEM.") @Nullable
            String publicKey,

            @JsonPropertyDescription("Resource version of the Secret that it was signed with.") @Nullable
            String secretVersion) {}
}
