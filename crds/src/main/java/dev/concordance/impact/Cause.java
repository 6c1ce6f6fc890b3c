package dev.concordance.impact;

/**
 * A setting that is declared otherwise than the generation that serves has it.
 *
 * @param field where it is declared: kind and path, such as {@code Corpus spec.index.shards}
 * @param before how the generation has it
 * @param after how it is declared
 */
public record Cause(String field, String before, String after, Impact impact) {}
