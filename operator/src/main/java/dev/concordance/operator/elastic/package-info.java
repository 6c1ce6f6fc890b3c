/**
 * What the operator does in Elasticsearch, as a port in the operator's words ({@link
 * dev.concordance.operator.elastic.SearchBackend}) with its adapter over Elasticsearch's REST API. The only package that
 * knows a client of Elasticsearch; it knows nothing of Kubernetes.
 */
@NullMarked
package dev.concordance.operator.elastic;

import org.jspecify.annotations.NullMarked;
