/**
 * One sync of a corpus: from the difference between sources and manifest to a generation that equals a fresh build. Entry
 * classes: {@link dev.concordance.ingest.IngestCommand}, the verb, and {@link dev.concordance.ingest.Ingestion}, the run. May
 * be killed at any point and run again. Never sees search.
 */
@NullMarked
package dev.concordance.ingest;

import org.jspecify.annotations.NullMarked;
