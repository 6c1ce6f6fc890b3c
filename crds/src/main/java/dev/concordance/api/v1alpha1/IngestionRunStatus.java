package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a run is and what it did. */
@JsonClassDescription("How far the run is and what it did.")
@SchemaCustomizer(value = ListType.class, input = "conditions=map:type")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IngestionRunStatus(
        @JsonPropertyDescription("Generation of the spec (metadata.generation) that this status is of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Queued, Starting, Listing, Indexing, Following, Succeeded or Failed.") @Nullable
        String phase,

        @JsonPropertyDescription("Number of the generation that is written to.") @Nullable
        Integer generation,

        @JsonPropertyDescription("Name of the Job, or of the Deployment of a run that follows its sources.") @Nullable
        String job,

        @JsonPropertyDescription("When the work began; ISO 8601.") @Nullable
        String startedAt,

        @JsonPropertyDescription("When the run ended; ISO 8601.") @Nullable
        String finishedAt,

        @JsonPropertyDescription(
                "Changes of the sources up to this moment are in the generation; of a run that follows them as of the last"
                        + " time that it asked for everything, every quarter of an hour; ISO 8601.")
        @Nullable
        String freshAsOf,

        @JsonPropertyDescription(
                "Counts of documents: listed = unchanged + added + updated + quarantined + skipped + pending.")
        @Nullable
        Documents documents,

        @JsonPropertyDescription("Counts of chunks.") @Nullable
        Chunks chunks,

        @JsonPropertyDescription("What a Verify run has found that nothing had told of, and repaired.") @Nullable
        Drift drift,

        @JsonPropertyDescription("What the run has spent on a remote model; absent where the model is not remote.")
        @Nullable
        Cost cost,

        @JsonPropertyDescription("How often what the ChunkingPolicy's privacy looks for was found, by its kind.")
        @Nullable
        Map<String, Long> findings,

        @JsonPropertyDescription("A sample of the documents that could not be indexed, at most 20.") @Nullable
        List<CorpusStatus.QuarantinedDocument> quarantine,

        @JsonPropertyDescription(
                "Ready: the run has succeeded. Reconciling: work is under way. Stalled: nothing goes on until somebody changes something.")
        @Nullable
        List<Condition> conditions) {

    /** Counts of documents. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Documents(
            @JsonPropertyDescription("Documents that the sources have.") @Nullable
            Long listed,

            @JsonPropertyDescription("Documents that were up to date.") @Nullable
            Long unchanged,

            @JsonPropertyDescription("Documents that are new.") @Nullable
            Long added,

            @JsonPropertyDescription("Documents with other content than before.") @Nullable
            Long updated,

            @JsonPropertyDescription("Documents that are gone from the sources.") @Nullable
            Long deleted,

            @JsonPropertyDescription("Documents that could not be indexed.") @Nullable
            Long quarantined,

            @JsonPropertyDescription("Documents that hold nothing to index.") @Nullable
            Long skipped,

            @JsonPropertyDescription("Documents that are still to do.") @Nullable
            Long pending) {}

    /** What differed though nothing had told of a change. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Drift(
            @JsonPropertyDescription("Documents whose chunks were missing, or not as they had been written.") @Nullable
            Long damaged,

            @JsonPropertyDescription(
                    "Documents whose content was another though their source had not told of a change.")
            @Nullable
            Long overlooked,

            @JsonPropertyDescription("Chunks that belonged to no document.") @Nullable
            Long orphaned,

            @JsonPropertyDescription("Some of the documents, as source:id, at most 20.") @Nullable
            List<String> sample) {}

    /** Counts of chunks. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Chunks(
            @JsonPropertyDescription("Chunks that were written.") @Nullable
            Long written,

            @JsonPropertyDescription("Texts that went through the model.") @Nullable
            Long embedded,

            @JsonPropertyDescription("Vectors that were copied instead.") @Nullable
            Long reused,

            @JsonPropertyDescription("Chunks in the generation whose text the model refuses.") @Nullable
            Long pendingEmbeddings) {}

    /** What the last attempt of a run has spent. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Cost(
            @JsonPropertyDescription("Requests to the model.") @Nullable
            Long requests,

            @JsonPropertyDescription("Their tokens.") @Nullable
            Long tokens,

            @JsonPropertyDescription("Their price; absent where none is declared.") @Nullable
            String money,

            @JsonPropertyDescription("The currency.") @Nullable
            String currency) {}
}
