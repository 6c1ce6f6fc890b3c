package dev.concordance.manifest;

/**
 * How the vectors of a model are kept for all corpora of a namespace.
 *
 * @param unusedMonths so many calendar months after its last use a vector goes
 * @param maxVectors of more than that, those go that were not used for longest
 */
public record EmbeddingCache(int unusedMonths, long maxVectors) {}
