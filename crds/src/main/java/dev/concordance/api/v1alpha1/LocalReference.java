package dev.concordance.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/** Names an object in the same namespace. */
public record LocalReference(@Nullable String name) {}
