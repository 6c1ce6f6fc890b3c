/**
 * EmbeddingModels: parses them into {@link dev.concordance.manifest.EmbeddingModelManifest} with the claims that their files
 * are on and the Secrets that their endpoints are asked with, and says whether they can be used. Enter at {@link dev.concordance.operator.model.EmbeddingModelReconciler}. Never
 * loads a model; knows nothing of corpora.
 */
@NullMarked
package dev.concordance.operator.model;

import org.jspecify.annotations.NullMarked;
