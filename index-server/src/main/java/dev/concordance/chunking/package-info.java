/**
 * Cuts a parsed document into the passages that are indexed. Entry class: {@link dev.concordance.chunking.Chunker}. Plain
 * Java and deterministic: the same document, policy, tokenizer and vectors always give the same chunks. Knows nothing of
 * models, but that they give {@link dev.concordance.chunking.Vectors}, and nothing of sources or indexes. Offsets are UTF-16 units inside and code points in {@link dev.concordance.chunking.Chunk}.
 */
@NullMarked
package dev.concordance.chunking;

import org.jspecify.annotations.NullMarked;
