package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** Which corpus to sync. The operator sets mode and generation on the runs that it creates; a user's run syncs what is live. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IngestionRunSpec(
        @Nullable LocalReference corpusRef,
        @Nullable String mode,
        @Nullable Integer generation,
        @Nullable String trigger) {}
