/** Tells whether a candidate is worse than what is live. Entry class: {@link dev.concordance.evaluation.compare.Gate}. Pure: values in, a verdict out; the seed of what is drawn is an input. */
@NullMarked
package dev.concordance.evaluation.compare;

import org.jspecify.annotations.NullMarked;
