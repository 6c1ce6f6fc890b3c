package dev.concordance.embedding.remote;

import java.util.List;

/**
 * The vectors of an answer, in the order of the inputs; empty where there is one that holds anything but numbers.
 *
 * @param tokens that were billed; negative: the endpoint doesn't say
 */
record Answer(List<float[]> vectors, long tokens) {}
