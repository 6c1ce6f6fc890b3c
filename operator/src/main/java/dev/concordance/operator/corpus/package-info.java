/**
 * Corpora: which generation of a corpus has to exist, which one is served, when the sources are read again, and what is
 * removed. Enter at {@link dev.concordance.operator.corpus.CorpusReconciler}; the decisions are in {@link
 * dev.concordance.operator.corpus.CorpusPlanner}. It creates IngestionRuns and never Jobs, and knows no query server.
 */
@NullMarked
package dev.concordance.operator.corpus;

import org.jspecify.annotations.NullMarked;
