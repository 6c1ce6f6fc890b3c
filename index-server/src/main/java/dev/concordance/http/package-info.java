/**
 * What those who ask over HTTP understand of answers, and how they wait for them. Entry class: {@link
 * dev.concordance.http.PostClient}. Nothing here knows what is asked for.
 */
@NullMarked
package dev.concordance.http;

import org.jspecify.annotations.NullMarked;
