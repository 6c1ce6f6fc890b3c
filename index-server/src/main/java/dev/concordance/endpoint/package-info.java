/**
 * What the HTTP faces of the program share: tokens, errors as RFC 9457 problem documents, names and limits of requests. Knows neither searches
 * nor what is pushed.
 */
@NullMarked
package dev.concordance.endpoint;

import org.jspecify.annotations.NullMarked;
