/**
 * Text to vectors: one embedder for ingestion and search, so that what is computed offline and online is the same code.
 * Entry class: {@link dev.concordance.embedding.Embedders}. Only here is ONNX Runtime known; nothing here knows documents,
 * indexes or requests.
 */
@NullMarked
package dev.concordance.embedding;

import org.jspecify.annotations.NullMarked;
