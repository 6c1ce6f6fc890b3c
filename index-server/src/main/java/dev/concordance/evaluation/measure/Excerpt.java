package dev.concordance.evaluation.measure;

/**
 * A part of a document.
 *
 * @param start in code points of the document's decoded text
 * @param end the one after the last
 */
public record Excerpt(String documentId, int start, int end) {
    /** Throws IllegalArgumentException unless it holds something. */
    public Excerpt {
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException("a span from %d to %d holds nothing".formatted(start, end));
        }
    }
}
