/**
 * ChunkingPolicies: parses them into {@link dev.concordance.operator.chunking.DeclaredPolicy} and says whether they can be used. Enter at
 * {@link dev.concordance.operator.chunking.ChunkingPolicyReconciler}. Knows nothing of corpora.
 */
@NullMarked
package dev.concordance.operator.chunking;

import org.jspecify.annotations.NullMarked;
