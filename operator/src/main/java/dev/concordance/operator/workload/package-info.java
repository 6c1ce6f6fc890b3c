/**
 * What runs on the cluster, as pure builders: the Job of an ingestion run ({@link
 * dev.concordance.operator.workload.IngestionJob}) and what a query server consists of ({@link
 * dev.concordance.operator.workload.QueryWorkload}). Every pod meets the Pod Security level {@code restricted}. Knows no
 * client and no cache.
 */
@NullMarked
package dev.concordance.operator.workload;

import org.jspecify.annotations.NullMarked;
