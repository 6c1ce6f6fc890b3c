package dev.concordance.evaluation.judged;

import dev.concordance.evaluation.measure.Excerpt;
import dev.concordance.evaluation.measure.Judgments;
import java.util.List;

/**
 * A query.
 *
 * @param excerpts that answer it, where someone marked them
 * @param split {@code train} or {@code test}; {@code test} if not said
 * @param synthetic made of a document rather than asked by someone
 */
public record JudgedQuery(
        String id, String text, Judgments judgments, List<Excerpt> excerpts, String split, boolean synthetic) {
    public JudgedQuery {
        excerpts = List.copyOf(excerpts);
    }
}
