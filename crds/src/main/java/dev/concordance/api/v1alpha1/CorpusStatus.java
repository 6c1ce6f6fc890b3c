package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is true of a corpus. */
@JsonClassDescription("What is true of the corpus, as of the last look.")
@SchemaCustomizer(value = ListType.class, input = "conditions=map:type")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CorpusStatus(
        @JsonPropertyDescription("Generation of the spec (metadata.generation) that this status is of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("The generation that searches are answered from.") @Nullable
        Serving serving,

        @JsonPropertyDescription("The generation that is being built to replace it; absent when none is.") @Nullable
        Candidate candidate,

        @JsonPropertyDescription(
                "What it takes to make the declared generation of the one that serves; absent where that one is declared.")
        @Nullable
        PlannedChange plan,

        @JsonPropertyDescription("The last change that was done: what was planned, and what it took.")
        PlannedChange.@Nullable Done lastChange,

        @JsonPropertyDescription(
                "The generations that have served, the newest first, at most 20: what index.rollbackTo can name.")
        @Nullable
        List<Generation> generations,

        @JsonPropertyDescription("How old answers are.") @Nullable
        Freshness freshness,

        @JsonPropertyDescription("The newest run of the operator for this corpus.") @Nullable
        LastRun lastRun,

        @JsonPropertyDescription(
                "A sample of the documents that are not searchable, at most 20; they are read again when they change.")
        @Nullable
        List<QuarantinedDocument> quarantine,

        @JsonPropertyDescription(
                "Documents that have disappeared from their sources, or can't be indexed any more, and stay searchable"
                        + " as they were, since they are more than deletionGuard allows; absent when there are none.")
        @Nullable
        WithheldDeletions withheldDeletions,

        @JsonPropertyDescription(
                "What the corpus has spent on its remote model in a calendar month; absent where the model is not remote.")
        @Nullable
        Cost cost,

        @JsonPropertyDescription(
                "Documents that nobody may see, since they don't say readably who may; absent when there are none.")
        @Nullable
        HiddenDocuments hidden,

        @JsonPropertyDescription(
                "Ready: the declared generation serves and answers are as fresh as declared. Reconciling: work is"
                        + " under way. Stalled: nothing goes on until somebody changes something. ReferencesResolved,"
                        + " ElasticsearchReady, SourcesReadable, Fresh, DeletionsApplied, AccessApplied, InletAvailable, PlanAdmitted"
                        + " and RolledBack tell of one thing each.")
        @Nullable
        List<Condition> conditions) {

    /** The generation that searches are answered from. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Serving(
            @JsonPropertyDescription("Its number.") @Nullable
            Integer generation,

            @JsonPropertyDescription("Name of its Elasticsearch index.") @Nullable
            String index,

            @JsonPropertyDescription("Digest of all settings that determine its content.") @Nullable
            String digest,

            @JsonPropertyDescription("Documents that are searchable.") @Nullable
            Long documents,

            @JsonPropertyDescription("Chunks that are searchable.") @Nullable
            Long chunks,

            @JsonPropertyDescription("Documents that could not be indexed.") @Nullable
            Long quarantined,

            @JsonPropertyDescription(
                    "Chunks whose text the model refuses: they are found by their words only, and tried again by each run.")
            @Nullable
            Long pendingEmbeddings,

            @JsonPropertyDescription(
                    "How much searches of its vectors find; absent until it was measured, and where there are more than 1000000"
                            + " chunks.")
            @Nullable
            Recall annRecall) {}

    /** How much searches of vectors find, with as much effort as retrieval.semantic asks for. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Recall(
            @JsonPropertyDescription(
                    "Share of the ten nearest passages that searches find, from \"0.000\" to \"1.000\". Below retrieval.semantic.recall: nothing"
                            + " that is fast enough reaches it. Absent: nothing is fast enough.")
            @Nullable
            String recall,

            @JsonPropertyDescription("Time that such a search took on average, in milliseconds. Example: \"1.8\".")
            @Nullable
            String millis,

            @JsonPropertyDescription(
                    "Searches look at so many times as many vectors as passages are wanted (num_candidates).")
            @Nullable
            Integer explored,

            @JsonPropertyDescription(
                    "They compare so many times as many passages once more by all floats (rescore_vector); 1: none.")
            @Nullable
            Integer oversample,

            @JsonPropertyDescription("When it was measured; ISO 8601.") @Nullable
            String measuredAt) {}

    /** A generation that has served. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Generation(
            @JsonPropertyDescription("Its number.") @Nullable
            Integer generation,

            @JsonPropertyDescription("Serving or Kept.") @Nullable
            String role,

            @JsonPropertyDescription("Digest of all settings that determine its content.") @Nullable
            String digest,

            @JsonPropertyDescription("Since when it has served, the last time; ISO 8601.") @Nullable
            String servedSince,

            @JsonPropertyDescription("Changes of the sources up to this moment are in it; ISO 8601.") @Nullable
            String freshAsOf,

            @JsonPropertyDescription("Until when it is kept fresh beside the live one; ISO 8601.") @Nullable
            String keptFreshUntil,

            @JsonPropertyDescription("Documents in it.") @Nullable
            Long documents) {}

    /** The generation that is being built beside it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Candidate(
            @JsonPropertyDescription("Its number.") @Nullable
            Integer generation,

            @JsonPropertyDescription("Digest of all settings that determine its content.") @Nullable
            String digest,

            @JsonPropertyDescription("Name of the IngestionRun that fills it.") @Nullable
            String run,

            @JsonPropertyDescription("Documents that are done.") @Nullable
            Long documents,

            @JsonPropertyDescription("Chunks that are written.") @Nullable
            Long chunks) {}

    /** How old answers are. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Freshness(
            @JsonPropertyDescription("Changes of the sources up to this moment are searchable; ISO 8601.") @Nullable
            String freshAsOf,

            @JsonPropertyDescription("When the sources are read again; ISO 8601.") @Nullable
            String nextRun,

            @JsonPropertyDescription(
                    "Share of the time in which answers may be older than maxStaleness that is left in the window: \"1.00\""
                            + " is all of it, \"0.00\" none; below it the objective is missed.")
            @Nullable
            String errorBudgetRemaining,

            @JsonPropertyDescription(
                    "When answers were older than maxStaleness, within the window; at most 50, of which those that are"
                            + " nearest to each other are joined. One that isn't over is not among them.")
            @Nullable
            List<Breach> breaches,

            @JsonPropertyDescription(
                    "How long changes of documents took until answers showed them, where the sources say when they were"
                            + " made: within freshness.window, up to the last run. Absent where no change was counted.")
            @Nullable
            ChangeToSearchable changeToSearchable,

            @JsonPropertyDescription(
                    "The document that shows that searches find what was written; absent where there is none yet.")
            @Nullable
            Tracer tracer) {}

    /** How long changes took until answers showed them. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ChangeToSearchable(
            @JsonPropertyDescription("Documents that were added or changed, and whose source says when.") @Nullable
            Long documents,

            @JsonPropertyDescription(
                    "The time within which half of them were searchable, right within 5 %: a number and a unit (ms, s)."
                            + " Example: 1400ms.")
            @Nullable
            String p50,

            @JsonPropertyDescription("The time within which 95 of a hundred were searchable, likewise.") @Nullable
            String p95,

            @JsonPropertyDescription("The time within which 99 of a hundred were searchable, likewise.") @Nullable
            String p99,

            @JsonPropertyDescription("The first moment of which changes are counted; ISO 8601.") @Nullable
            String since) {}

    /** What is known of the tracer. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Tracer(
            @JsonPropertyDescription(
                    "The latest freshAsOf of which it was found, by its word and by its vector, through the alias;"
                            + " ISO 8601.")
            @Nullable
            String foundAsOf) {}

    /** A time in which answers were too old. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Breach(
            @JsonPropertyDescription("When it began; ISO 8601.") @Nullable
            String from,

            @JsonPropertyDescription("When it was over; ISO 8601.") @Nullable
            String until,

            @JsonPropertyDescription("Seconds of it in which answers were too old: all, unless breaches were joined.")
            @Nullable
            Long staleSeconds) {}

    /** The newest run of this corpus. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record LastRun(
            @JsonPropertyDescription("Name of the IngestionRun.") @Nullable
            String name,

            @JsonPropertyDescription("Its number, which its name ends in.") @Nullable
            Long sequence,

            @JsonPropertyDescription("Its phase.") @Nullable String phase) {}

    /** What a remote model has cost. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Cost(
            @JsonPropertyDescription("The month, in UTC. Example: 2026-11.") @Nullable
            String month,

            @JsonPropertyDescription("Requests of this corpus's ingestion.") @Nullable
            Long requests,

            @JsonPropertyDescription("Their tokens.") @Nullable
            Long tokens,

            @JsonPropertyDescription("Their price; absent where none is declared.") @Nullable
            String money,

            @JsonPropertyDescription("The currency.") @Nullable
            String currency,

            @JsonPropertyDescription("What all corpora of the namespace have spent on the model.") @Nullable
            String modelMoney,

            @JsonPropertyDescription("What they may spend; absent where there is no budget.") @Nullable
            String budget) {}

    /** What would have been deleted. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record WithheldDeletions(
            @JsonPropertyDescription(
                    "Value of the annotation concordance.dev/approve-deletions that lets these documents go, and no"
                            + " others.")
            @Nullable
            String token,

            @JsonPropertyDescription("How many documents they are.") @Nullable
            Long documents,

            @JsonPropertyDescription("Of how many documents that are searchable.") @Nullable
            Long of,

            @JsonPropertyDescription("Some of them, at most 10, each as source:id.") @Nullable
            List<String> sample) {}

    /** Documents that nobody may see. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record HiddenDocuments(
            @JsonPropertyDescription("How many they are.") @Nullable
            Long documents,

            @JsonPropertyDescription("Some of them, at most 20.") @Nullable
            List<HiddenDocument> sample) {}

    /** A document that nobody may see, and why. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record HiddenDocument(
            @JsonPropertyDescription("Name of the source.") @Nullable
            String source,

            @JsonPropertyDescription("Id of the document within its source.") @Nullable
            String documentId,

            @JsonPropertyDescription("Why nobody may see it, in a sentence with the remedy.") @Nullable
            String message) {}

    /** A document that is not searchable, and why; a sample. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record QuarantinedDocument(
            @JsonPropertyDescription("Name of the source.") @Nullable
            String source,

            @JsonPropertyDescription("Id of the document within its source.") @Nullable
            String documentId,

            @JsonPropertyDescription("Why it is not searchable, in one word; see docs/failure-taxonomy.md.") @Nullable
            String reason,

            @JsonPropertyDescription("The same in a sentence, with the remedy.") @Nullable
            String message) {}
}
