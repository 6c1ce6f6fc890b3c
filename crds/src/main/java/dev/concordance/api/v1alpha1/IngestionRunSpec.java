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

/** Which corpus to sync. The operator sets mode and generation on the runs that it creates; a user's run syncs what is live. */
@JsonClassDescription(
        "Which Corpus is synced. To sync one now, create a run with nothing but corpusRef. Can't be changed.")
@ValidationRule(value = "self == oldSelf", message = "a run can't be changed: create another one")
@ValidationRule(
        value = "!has(self.mode) || self.mode != 'Build' || has(self.generation)",
        message = "name the generation that a Build fills, or leave mode out to sync the live generation",
        fieldPath = ".generation")
@ValidationRule(
        value = "(has(self.mode) && self.mode == 'Erase') == has(self.erasureRef)",
        message = "name the Erasure of a run with mode Erase in erasureRef, and of no other run",
        fieldPath = ".erasureRef")
@ValidationRule(
        value = "!has(self.erasureRef) || !has(self.generation)",
        message = "leave generation out of a run with mode Erase: it erases from all of them",
        fieldPath = ".generation")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IngestionRunSpec(
        @JsonPropertyDescription("The Corpus, in the same namespace.") @Required @Nullable
        LocalReference corpusRef,

        @JsonPropertyDescription(
                "Incremental keeps the live generation in step with the sources; Verify does so too, but reads every"
                        + " document and compares every chunk of the index, and repairs what differs; Build fills a"
                        + " generation that is to replace the live one, beside the others; Follow keeps the live generation"
                        + " in step for as long as the run exists, and gives way to others on it; Erase carries an Erasure"
                        + " out, and is alone. Default: Incremental.")
        @Size(max = Rules.MAX_LABEL)
        @ValidationRule(
                value = "self in ['Incremental', 'Verify', 'Build', 'Follow', 'Erase']",
                message = "write Incremental, Verify, Build, Follow or Erase")
        @Nullable
        String mode,

        @JsonPropertyDescription("Number of the generation that is written to. Default: the live one.")
        @Min(1)
        @Max(MAX_GENERATION)
        @Nullable
        Integer generation,

        @JsonPropertyDescription(
                "Why the run was started, for people who read it: Build, Schedule, SourcesChanged, Pushed,"
                        + " DeletionsApproved, Continuous or Retry for the operator's runs. Default: none.")
        @Size(min = 1, max = Rules.MAX_LABEL)
        @ValidationRule(
                value = "self.matches('^[A-Za-z][A-Za-z0-9]*$')",
                message = "write one word, such as NightlySync")
        @Nullable
        String trigger,

        @JsonPropertyDescription("The Erasure that a run with mode Erase carries out, in the same namespace.") @Nullable
        LocalReference erasureRef,

        @JsonPropertyDescription(
                "What the operator expects of a run that builds the generation of a change; the status says what it took."
                        + " Default: nothing is expected.")
        @Nullable
        Planned planned) {
    static final int MAX_GENERATION = 999_999_999;

    static final long MAX_COUNT = 1_000_000_000_000L;

    /** What a run is expected to do. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Planned(
            @JsonPropertyDescription("Documents. Default: not known.") @Min(0) @Max(MAX_COUNT) @Nullable
            Long documents,

            @JsonPropertyDescription("Chunks that are written. Default: not known.") @Min(0) @Max(MAX_COUNT) @Nullable
            Long chunks,

            @JsonPropertyDescription("Texts that go through the model, at most. Default: not known.")
            @Min(0)
            @Max(MAX_COUNT)
            @Nullable
            Long embedded,

            @JsonPropertyDescription("Their tokens, at most. Default: not known.") @Min(0) @Max(MAX_COUNT) @Nullable
            Long tokens,

            @JsonPropertyDescription("How long it takes. Default: not known. Example: 12m")
            @Size(max = CorpusSpec.MAX_NUMBER)
            @Nullable
            String duration) {}

    /** A run that erases nothing. */
    public IngestionRunSpec(
            @Nullable LocalReference corpusRef,
            @Nullable String mode,
            @Nullable Integer generation,
            @Nullable String trigger) {
        this(corpusRef, mode, generation, trigger, null, null);
    }

    /** A run of which nothing is expected. */
    public IngestionRunSpec(
            @Nullable LocalReference corpusRef,
            @Nullable String mode,
            @Nullable Integer generation,
            @Nullable String trigger,
            @Nullable LocalReference erasureRef) {
        this(corpusRef, mode, generation, trigger, erasureRef, null);
    }
}
