/**
 * IngestionRuns: one Job a corpus at a time, its progress from the ledger, and how it ended. Enter at {@link
 * dev.concordance.operator.run.IngestionRunReconciler}. Which runs there have to be is decided elsewhere, by the corpus.
 */
@NullMarked
package dev.concordance.operator.run;

import org.jspecify.annotations.NullMarked;
