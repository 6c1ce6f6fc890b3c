package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a query server serves. */
@SchemaCustomizer(value = ListMap.class, input = "conditions=type")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueryServerStatus(
        @Nullable Long observedGeneration,
        @StatusReplicas @Nullable Integer replicas,
        @Nullable Integer readyReplicas,
        @LabelSelector @Nullable String selector,
        @Nullable Integer corpora,
        @Nullable String url,
        @Nullable List<Condition> conditions) {}
