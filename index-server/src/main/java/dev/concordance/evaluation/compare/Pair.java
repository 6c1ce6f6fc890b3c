package dev.concordance.evaluation.compare;

/**
 * What both gave for a query.
 *
 * @param text as it was asked
 */
public record Pair(String id, String text, double live, double candidate) {
    /** Below 0 where the candidate is worse. */
    public double difference() {
        return candidate - live;
    }
}
