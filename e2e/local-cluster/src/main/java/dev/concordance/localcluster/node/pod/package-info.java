/**
 * One pod as local processes. {@link dev.concordance.localcluster.node.pod.PodWorker} observes its processes, lets
 * {@link dev.concordance.localcluster.node.pod.PodPlanner} decide, does the steps and reports what
 * {@link dev.concordance.localcluster.node.pod.PodStatuses} makes of it. The API server is only known as
 * {@link dev.concordance.localcluster.node.pod.Cluster}.
 */
@NullMarked
package dev.concordance.localcluster.node.pod;

import org.jspecify.annotations.NullMarked;
