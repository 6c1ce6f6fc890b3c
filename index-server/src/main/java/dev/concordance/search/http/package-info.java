/**
 * The HTTP face of searches: routes, tokens, limits, errors as RFC 9457 problem documents. Entry class:
 * {@link dev.concordance.search.http.SearchResource}. Never sees ingestion.
 */
@NullMarked
package dev.concordance.search.http;

import org.jspecify.annotations.NullMarked;
