/**
 * The custom resources of {@code concordance.dev/v1alpha1} as users write them. Lenient records: any field may be null
 * (the API server checks and defaults, the operator's parse step decides), unknown fields are ignored, closed sets are
 * strings with CEL rules, so that an object written for another version never stops an informer. No logic lives here.
 */
@NullMarked
package dev.concordance.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
