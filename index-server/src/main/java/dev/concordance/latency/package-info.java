/**
 * How long changes take until they are searchable, kept in little memory and as percentiles. Entry class: {@link
 * dev.concordance.latency.LatencyHistory}. Nothing here knows of documents or of Elasticsearch.
 */
@NullMarked
package dev.concordance.latency;

import org.jspecify.annotations.NullMarked;
