/**
 * The HTTP face of pushing: documents and batches of them are checked and kept in the corpus's inbox, from which the next run indexes them.
 * Entry class: {@link dev.concordance.inlet.InletResource}. Never sees ingestion or searches.
 */
@NullMarked
package dev.concordance.inlet;

import org.jspecify.annotations.NullMarked;
