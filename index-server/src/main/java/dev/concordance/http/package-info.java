/** What those who ask over HTTP understand of answers. Entry class: {@link dev.concordance.http.RetryAfter}. */
@NullMarked
package dev.concordance.http;

import org.jspecify.annotations.NullMarked;
