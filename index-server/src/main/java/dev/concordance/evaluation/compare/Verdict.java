package dev.concordance.evaluation.compare;

import dev.concordance.evaluation.compare.Resampling.Interval;
import java.util.List;

/**
 * What a gate says of a candidate.
 *
 * @param reason a sentence with the numbers that decided
 * @param queries that both were asked
 * @param drop of the mean: above 0 where the candidate is worse
 * @param dropInterval the drop is above its low end with the gate's confidence, and below its high end
 * @param candidateInterval the candidate's mean likewise
 * @param pWorse how often chance alone shows such a drop or a larger one
 * @param worst the five queries that lose most, the worst first
 * @param digest of the gate, the seed and all values: what a person overrides is this verdict and no other
 */
public record Verdict(
        Outcome outcome,
        String reason,
        String metric,
        int queries,
        double live,
        double candidate,
        double drop,
        Interval dropInterval,
        Interval candidateInterval,
        double pWorse,
        List<Pair> worst,
        String digest) {
    public Verdict {
        worst = List.copyOf(worst);
    }

    /** The worse one of two decides. */
    public enum Outcome {
        /** Shown to be good enough. */
        PASS,
        /** Too few queries to tell. */
        INCONCLUSIVE,
        /** Shown not to be. */
        FAIL
    }
}
