package dev.concordance.index;

/**
 * A chunk that a dead run wrote and no record knows.
 *
 * @param key of its document
 * @param source that its document is of
 */
public record Leftover(String id, String key, String source) {}
