/**
 * SearchClusters: whether the Elasticsearch cluster behind one can be used, and why not. The reconciler is the one that
 * opens connections; what it has found out, others read from {@link dev.concordance.operator.cluster.ClusterConnections}.
 * Enter at {@link dev.concordance.operator.cluster.SearchClusterReconciler}. Knows nothing of corpora.
 */
@NullMarked
package dev.concordance.operator.cluster;

import org.jspecify.annotations.NullMarked;
