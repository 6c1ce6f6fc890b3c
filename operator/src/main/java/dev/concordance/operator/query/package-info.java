/**
 * QueryServers: which corpora each one routes to, and the pods, Service and autoscaler that it consists of. Enter at {@link
 * dev.concordance.operator.query.QueryServerReconciler}. Reads corpora, never changes one.
 */
@NullMarked
package dev.concordance.operator.query;

import org.jspecify.annotations.NullMarked;
