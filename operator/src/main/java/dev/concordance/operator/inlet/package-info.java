/**
 * Inlets of corpora that documents are pushed to: the pods, their Service and their table of sources and tokens. Enter at {@link
 * dev.concordance.operator.inlet.InletReconciler}. Reads corpora, never changes one, nor its status.
 */
@NullMarked
package dev.concordance.operator.inlet;

import org.jspecify.annotations.NullMarked;
