package dev.concordance.manifest;

/**
 * What a run that erases has to erase.
 *
 * @param tombstone what is covered
 * @param mostDocuments of more than that, none is erased
 */
public record ErasureOrder(Tombstone tombstone, long mostDocuments) {}
