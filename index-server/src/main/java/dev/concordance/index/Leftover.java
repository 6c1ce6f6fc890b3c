package dev.concordance.index;

/** A chunk that a dead run wrote and no record knows. */
public record Leftover(String id, String key) {}
