package dev.concordance.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/** Names one key of a Secret or ConfigMap in the same namespace. */
public record KeyReference(@Nullable String name, @Nullable String key) {}
