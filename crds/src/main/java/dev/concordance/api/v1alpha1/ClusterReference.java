package dev.concordance.api.v1alpha1;

import org.jspecify.annotations.Nullable;

/** Names a SearchCluster; in another namespace only if that SearchCluster's allowedNamespaces lists this one. */
public record ClusterReference(
        @Nullable String name, @Nullable String namespace) {}
