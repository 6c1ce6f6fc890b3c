package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a policy can be used. */
@SchemaCustomizer(value = ListMap.class, input = "conditions=type")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChunkingPolicyStatus(
        @Nullable Long observedGeneration, @Nullable List<Condition> conditions) {}
