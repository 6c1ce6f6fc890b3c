/**
 * What ingestion keeps in Elasticsearch: the chunks of one generation, its manifest and the corpus's ledger. Entry classes:
 * {@link dev.concordance.index.GenerationWriter}, which changes documents, {@link dev.concordance.index.GenerationReader} and
 * {@link dev.concordance.index.Ledger}. Nothing here knows where documents come from; nothing creates or deletes an index.
 */
@NullMarked
package dev.concordance.index;

import org.jspecify.annotations.NullMarked;
