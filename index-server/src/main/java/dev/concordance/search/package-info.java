/**
 * Searches: one request to Elasticsearch with a lexical and a semantic leg, fused here. Entry class:
 * {@link dev.concordance.search.SearchService}. Never sees ingestion, and knows nothing of HTTP servers.
 */
@NullMarked
package dev.concordance.search;

import org.jspecify.annotations.NullMarked;
