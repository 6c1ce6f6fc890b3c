package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a query server serves. */
@JsonClassDescription("What is served, and by how many pods.")
@SchemaCustomizer(value = ListType.class, input = "conditions=map:type")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueryServerStatus(
        @JsonPropertyDescription("Generation of the spec (metadata.generation) that this status is of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Pods that exist.") @StatusReplicas @Nullable
        Integer replicas,

        @JsonPropertyDescription("Pods that answer.") @Nullable
        Integer readyReplicas,

        @JsonPropertyDescription("Label selector of the pods, for the scale subresource.") @LabelSelector @Nullable
        String selector,

        @JsonPropertyDescription("Corpora that are served.") @Nullable
        Integer corpora,

        @JsonPropertyDescription("Where the Service is reached inside the cluster.") @Nullable
        String url,

        @JsonPropertyDescription(
                "Ready: all pods run what is declared. Reconciling: work is under way. Stalled: nothing goes on until somebody changes something. ReferencesResolved: all objects that are referred to exist.")
        @Nullable
        List<Condition> conditions) {}
