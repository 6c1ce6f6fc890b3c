package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a cluster can be used. */
@JsonClassDescription("Whether the cluster can be used, as of the last check.")
@SchemaCustomizer(value = ListType.class, input = "conditions=map:type")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SearchClusterStatus(
        @JsonPropertyDescription("Generation of the spec (metadata.generation) that this status is of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Version of Elasticsearch that the cluster reports.") @Nullable
        String version,

        @JsonPropertyDescription("Name that the cluster gives itself.") @Nullable
        String clusterName,

        @JsonPropertyDescription(
                "Ready: it was reached with the declared credentials and takes writes. Reconciling: work is under way. Stalled: nothing goes on until somebody changes something.")
        @Nullable
        List<Condition> conditions) {}
