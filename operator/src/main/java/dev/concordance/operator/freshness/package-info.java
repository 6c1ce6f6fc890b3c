/**
 * How fresh answers have to be, how fresh they were, and what is to be expected of them: pure values and functions, whose
 * clock reading is an argument. Entry: {@link dev.concordance.operator.freshness.ServiceLevel}. Must not know corpora, runs
 * or clients.
 */
@NullMarked
package dev.concordance.operator.freshness;

import org.jspecify.annotations.NullMarked;
