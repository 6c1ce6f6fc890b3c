package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a query server serves. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueryServerStatus(
        @Nullable Long observedGeneration,
        @Nullable Integer replicas,
        @Nullable Integer readyReplicas,
        @Nullable String selector,
        @Nullable Integer corpora,
        @Nullable String url,
        @Nullable List<Condition> conditions) {}
