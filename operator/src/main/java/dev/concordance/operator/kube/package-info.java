/**
 * What the reconcilers share of Kubernetes: names and labels, conditions ({@link
 * dev.concordance.operator.kube.Conditions}), writing an object only when it differs ({@link
 * dev.concordance.operator.kube.Applier}), Events, and watching what is referred to without keeping its content ({@link
 * dev.concordance.operator.kube.ReferencedObjects}). Knows no kind of ours by its meaning, and nothing of Elasticsearch.
 */
@NullMarked
package dev.concordance.operator.kube;

import org.jspecify.annotations.NullMarked;
