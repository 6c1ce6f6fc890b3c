/**
 * The operator as a program: what its parts are made of ({@link dev.concordance.operator.platform.Wiring}), who leads, whether
 * it is alive, and what it measures. Knows all packages; none knows it.
 */
@NullMarked
package dev.concordance.operator.platform;

import org.jspecify.annotations.NullMarked;
