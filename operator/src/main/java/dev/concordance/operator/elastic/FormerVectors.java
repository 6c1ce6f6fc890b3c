package dev.concordance.operator.elastic;

import java.util.Optional;

/**
 * An index with vectors that corpora share and nobody has used for some time. They are kept under a hash, so that nothing tells
 * whose they were.
 *
 * @param unusedMonths after so many calendar months without use they go; empty: no model says so
 */
public record FormerVectors(String index, Optional<Integer> unusedMonths) {}
