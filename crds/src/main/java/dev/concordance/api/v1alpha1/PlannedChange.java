package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What it takes to make the declared generation of the one that serves. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlannedChange(
        @JsonPropertyDescription(
                "Stands for this change, from what serves to what is declared. The annotation concordance.dev/approve-plan"
                        + " with this value approves it, and no other one.")
        @Nullable
        String digest,

        @JsonPropertyDescription(
                "What of the work on a document is done again at most: REMAP (stored chunks are written with their vectors),"
                        + " REEMBED (they get other vectors), RECHUNK (documents are cut otherwise) or REFETCH (they are read"
                        + " otherwise).")
        @Nullable
        String impact,

        @JsonPropertyDescription("What differs, at most 20.") @Nullable
        List<Cause> causes,

        @JsonPropertyDescription("What it is going to take.") @Nullable
        Work work,

        @JsonPropertyDescription(
                "What has to be seen to before it is done: Approval, Budget, Disk. Absent where nothing has, or where it was"
                        + " approved.")
        @Nullable
        List<String> waitsFor) {
    /** A setting that is declared otherwise than the live generation has it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Cause(
            @JsonPropertyDescription("Where it is declared: kind and path.") @Nullable
            String field,

            @JsonPropertyDescription("How the live generation has it.") @Nullable
            String before,

            @JsonPropertyDescription("How it is declared.") @Nullable
            String after,

            @JsonPropertyDescription("What it takes by itself.") @Nullable
            String impact) {}

    /** How much is done. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Work(
            @JsonPropertyDescription("Documents.") @Nullable Long documents,

            @JsonPropertyDescription("Chunks that are written.") @Nullable
            Long chunks,

            @JsonPropertyDescription("Vectors that are there already; a plan counts only those of which that is known.")
            @Nullable
            Long vectorsReused,

            @JsonPropertyDescription("Vectors that are computed; in a plan at most.") @Nullable
            Long vectorsComputed,

            @JsonPropertyDescription("Tokens that go through the model; in a plan at most.") @Nullable
            Long tokens,

            @JsonPropertyDescription("What they cost by the model's price; absent where it has none.") @Nullable
            String money,

            @JsonPropertyDescription("The currency.") @Nullable
            String currency,

            @JsonPropertyDescription(
                    "How long it takes, in a plan by what was measured of this corpus before; absent where nothing was."
                            + " Example: 12m.")
            @Nullable
            String duration,

            @JsonPropertyDescription(
                    "Disk space that is needed besides at the peak, replicas and merges included; absent where it was not"
                            + " measured. Example: 1340Mi.")
            @Nullable
            String disk) {}

    /** A change that was done. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Done(
            @JsonPropertyDescription("The plan's digest.") @Nullable
            String digest,

            @JsonPropertyDescription("The plan's impact.") @Nullable
            String impact,

            @JsonPropertyDescription("Number of the generation that was built.") @Nullable
            Integer generation,

            @JsonPropertyDescription("What it was going to take by the plan.") @Nullable
            Work planned,

            @JsonPropertyDescription("What it took.") @Nullable
            Work actual) {}
}
