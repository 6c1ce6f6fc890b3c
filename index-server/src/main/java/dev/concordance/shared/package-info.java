/**
 * What the corpora of a namespace have in common in Elasticsearch: the vectors of their models, so that no text is paid for
 * twice, and the account of what remote models cost. Entry classes: {@link dev.concordance.shared.SharedVectors} and {@link
 * dev.concordance.shared.SharedPurse}. Knows nothing of documents.
 */
@NullMarked
package dev.concordance.shared;

import org.jspecify.annotations.NullMarked;
