/**
 * Erasures: documents that a corpus must not hold. Entry class: {@link dev.concordance.operator.erasure.ErasureReconciler}; what runs
 * and query servers have to know of them is in {@link dev.concordance.operator.erasure.Erasures}. Knows neither Jobs nor routing tables.
 */
@NullMarked
package dev.concordance.operator.erasure;

import org.jspecify.annotations.NullMarked;
