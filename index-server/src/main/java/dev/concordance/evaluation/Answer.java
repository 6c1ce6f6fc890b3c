package dev.concordance.evaluation;

import dev.concordance.evaluation.measure.Excerpt;
import java.util.List;

/**
 * What a search found.
 *
 * @param documents ids, the best first, each once
 * @param passages the best first
 * @param millis as the client saw it
 */
record Answer(List<String> documents, List<Excerpt> passages, long generation, double millis) {}
