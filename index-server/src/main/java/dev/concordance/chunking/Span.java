package dev.concordance.chunking;

import dev.concordance.parse.Block;

/**
 * The least that a chunk is made of: a sentence, a line, a table's row.
 *
 * @param opensBlock whether it is its block's first, so that a cut before it is a good one
 */
record Span(int start, int end, Block block, boolean opensBlock) {}
