package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a run is and what it did. */
@SchemaCustomizer(value = ListMap.class, input = "conditions=type")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IngestionRunStatus(
        @Nullable Long observedGeneration,
        @Nullable String phase,
        @Nullable Integer generation,
        @Nullable String job,
        @Nullable String startedAt,
        @Nullable String finishedAt,
        @Nullable String freshAsOf,
        @Nullable Documents documents,
        @Nullable Chunks chunks,
        @Nullable List<CorpusStatus.QuarantinedDocument> quarantine,
        @Nullable List<Condition> conditions) {

    /** Counts of documents. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Documents(
            @Nullable Long listed,
            @Nullable Long unchanged,
            @Nullable Long added,
            @Nullable Long updated,
            @Nullable Long deleted,
            @Nullable Long quarantined,
            @Nullable Long skipped,
            @Nullable Long pending) {}

    /** Counts of chunks. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Chunks(
            @Nullable Long written,
            @Nullable Long embedded,
            @Nullable Long reused) {}
}
