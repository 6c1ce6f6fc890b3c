package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a model can be used. */
@JsonClassDescription("Whether the model can be used.")
@SchemaCustomizer(value = ListType.class, input = "conditions=map:type")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmbeddingModelStatus(
        @JsonPropertyDescription("Generation of the spec (metadata.generation) that this status is of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription(
                "Digest of all that determines the vectors: models of the same digest give the same vectors.")
        @Nullable
        String digest,

        @JsonPropertyDescription("Length of the vectors.") @Nullable
        Integer dimensions,

        @JsonPropertyDescription(
                "Ready: corpora can use it. Reconciling: work is under way. Stalled: nothing goes on until somebody changes something. ReferencesResolved: all objects that are referred to exist.")
        @Nullable
        List<Condition> conditions) {}
