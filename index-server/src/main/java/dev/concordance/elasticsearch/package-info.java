/**
 * The connection to Elasticsearch, JSON in and out. Entry class: {@link dev.concordance.elasticsearch.ElasticsearchConnection}.
 * The only package that knows a client library; it knows nothing of what the requests are for.
 */
@NullMarked
package dev.concordance.elasticsearch;

import org.jspecify.annotations.NullMarked;
