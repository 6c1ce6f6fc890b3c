package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is true of a corpus. */
@SchemaCustomizer(value = ListMap.class, input = "conditions=type")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CorpusStatus(
        @Nullable Long observedGeneration,
        @Nullable Serving serving,
        @Nullable Candidate candidate,
        @Nullable Freshness freshness,
        @Nullable LastRun lastRun,
        @Nullable List<QuarantinedDocument> quarantine,
        @Nullable List<Condition> conditions) {

    /** The generation that searches are answered from. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Serving(
            @Nullable Integer generation,
            @Nullable String index,
            @Nullable String digest,
            @Nullable Long documents,
            @Nullable Long chunks,
            @Nullable Long quarantined) {}

    /** The generation that is being built beside it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Candidate(
            @Nullable Integer generation,
            @Nullable String digest,
            @Nullable String run,
            @Nullable Long documents,
            @Nullable Long chunks) {}

    /** How old answers are. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Freshness(
            @Nullable String freshAsOf, @Nullable String nextRun) {}

    /** The newest run of this corpus. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record LastRun(
            @Nullable String name,
            @Nullable Long sequence,
            @Nullable String phase) {}

    /** A document that is not searchable, and why; a sample. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record QuarantinedDocument(
            @Nullable String source,
            @Nullable String documentId,
            @Nullable String reason,
            @Nullable String message) {}
}
