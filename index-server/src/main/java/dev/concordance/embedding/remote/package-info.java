/**
 * Models that answer requests: batches within declared limits, patience in ingestion and none in a search, and a purse that is
 * asked before anything is spent. Entry class: {@link dev.concordance.embedding.remote.RemoteEmbedder}. Knows nothing of
 * documents or indexes, nor of what keeps the account.
 */
@NullMarked
package dev.concordance.embedding.remote;

import org.jspecify.annotations.NullMarked;
