package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a model can be used. */
@SchemaCustomizer(value = ListMap.class, input = "conditions=type")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmbeddingModelStatus(
        @Nullable Long observedGeneration,
        @Nullable String digest,
        @Nullable Integer dimensions,
        @Nullable List<Condition> conditions) {}
