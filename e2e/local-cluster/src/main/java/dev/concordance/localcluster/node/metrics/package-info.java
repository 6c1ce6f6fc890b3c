/**
 * What pods use of the processor and the memory, as the API group {@code metrics.k8s.io} that autoscalers ask
 * ({@link dev.concordance.localcluster.node.metrics.MetricsApi}). Knows of pods only what its caller gives it.
 */
@NullMarked
package dev.concordance.localcluster.node.metrics;

import org.jspecify.annotations.NullMarked;
