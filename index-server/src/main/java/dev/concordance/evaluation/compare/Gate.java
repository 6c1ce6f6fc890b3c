package dev.concordance.evaluation.compare;

import dev.concordance.evaluation.compare.Resampling.Interval;
import dev.concordance.evaluation.compare.Verdict.Outcome;
import dev.concordance.evaluation.measure.Measure;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate has to be shown to be: not worse than what is live by {@code maxDrop} or more, at least {@code minValue}, or both.
 *
 * <p>The drop is a test of non-inferiority (Walker and Nowacki, J. Gen. Intern. Med. 2011): not "no difference was found", which few
 * queries always give, but "the drop is below the margin". <b>Pass</b>: the upper bound of the drop, at the confidence and one-sided,
 * is at most {@code maxDrop}. <b>Fail</b>: not so, the drop is {@code maxDrop} or more, and the paired randomisation test shows that
 * the candidate is worse at all; two-sided as is
 * usual, so an equal one fails with a probability of at most half of 1 − confidence, whatever the margin.
 * <b>Inconclusive</b>: neither. Below {@value #FEWEST} queries nothing passes: the bootstrap of so few is too narrow, and where none of
 * them differs many others may.
 *
 * @param maxDrop 0 or more, in units of the measure; null: any
 * @param minValue null: any
 * @param confidence from 0.5 to below 1, one-sided
 */
public record Gate(
        Measure metric, @Nullable Double maxDrop, @Nullable Double minValue, double confidence) {
    /** Fewer queries never pass. */
    public static final int FEWEST = 20;

    private static final int SHOWN = 5;

    /** Throws IllegalArgumentException that says what is wrong. */
    public Gate {
        if (maxDrop == null && minValue == null) {
            throw new IllegalArgumentException("a gate needs maxDrop, minValue or both");
        }
        if (!isShareOrAny(maxDrop) || !isShareOrAny(minValue)) {
            throw new IllegalArgumentException("maxDrop and minValue are from 0 to 1");
        }
        if (!(confidence >= 0.5 && confidence < 1)) {
            throw new IllegalArgumentException("the confidence is from 0.5 to below 1, such as 0.95");
        }
    }

    /**
     * Judges.
     *
     * @param pairs in any order; a query that only one was asked is not among them
     */
    public Verdict judge(List<Pair> pairs, Resampling resampling) {
        var sorted = pairs.stream().sorted(Comparator.comparing(Pair::id)).toList();
        var seen = Seen.of(sorted, confidence, resampling);
        var byDrop = maxDrop == null ? Outcome.PASS : byDrop(seen, maxDrop);
        var byValue = minValue == null ? Outcome.PASS : byValue(seen, minValue);
        var outcome = byDrop.compareTo(byValue) >= 0 ? byDrop : byValue;
        return new Verdict(
                outcome,
                reason(seen, outcome == byDrop && maxDrop != null, outcome),
                metric.toString(),
                seen.queries,
                seen.live,
                seen.candidate,
                seen.drop(),
                seen.drops,
                seen.values,
                seen.pWorse,
                sorted.stream()
                        .filter(pair -> pair.difference() < 0)
                        .sorted(Comparator.comparingDouble(Pair::difference))
                        .limit(SHOWN)
                        .toList(),
                digest(sorted, resampling.seed()));
    }

    /** What the values of both show. */
    private record Seen(int queries, double live, double candidate, Interval drops, Interval values, double pWorse) {
        static Seen of(List<Pair> pairs, double confidence, Resampling resampling) {
            var candidate = pairs.stream().mapToDouble(Pair::candidate).toArray();
            var differences = pairs.stream().mapToDouble(Pair::difference).toArray();
            // A one-sided bound at 95 % is an end of the central interval at 90 %.
            var central = 2 * confidence - 1;
            var difference = resampling.interval(differences, central);
            return new Seen(
                    pairs.size(),
                    pairs.stream().mapToDouble(Pair::live).average().orElse(0),
                    pairs.stream().mapToDouble(Pair::candidate).average().orElse(0),
                    new Interval(0 - difference.high(), 0 - difference.low()),
                    resampling.interval(candidate, central),
                    resampling.lower(differences));
        }

        double drop() {
            return live - candidate;
        }
    }

    private static boolean isShareOrAny(@Nullable Double value) {
        return value == null || value >= 0 && value <= 1;
    }

    private Outcome byDrop(Seen seen, double most) {
        if (seen.queries >= FEWEST && seen.drops.high() <= most) {
            return Outcome.PASS;
        }
        return seen.drop() >= most && seen.drop() > 0 && seen.pWorse <= (1 - confidence) / 2
                ? Outcome.FAIL
                : Outcome.INCONCLUSIVE;
    }

    private static Outcome byValue(Seen seen, double least) {
        if (seen.queries < FEWEST) {
            return Outcome.INCONCLUSIVE;
        }
        if (seen.values.low() >= least) {
            return Outcome.PASS;
        }
        return seen.values.high() < least ? Outcome.FAIL : Outcome.INCONCLUSIVE;
    }

    private String reason(Seen seen, boolean ofDrop, Outcome outcome) {
        var text = ofDrop ? dropText(seen) : valueText(seen);
        return outcome == Outcome.INCONCLUSIVE ? text + ": too few queries to tell" : text;
    }

    private String dropText(Seen seen) {
        return String.format(
                Locale.ROOT,
                "%s drops by %.4f (%.4f to %.4f), from %.4f to %.4f, on %,d queries; %s is allowed",
                metric,
                seen.drop(),
                seen.drops.low(),
                seen.drops.high(),
                seen.live,
                seen.candidate,
                seen.queries,
                maxDrop);
    }

    private String valueText(Seen seen) {
        return String.format(
                Locale.ROOT,
                "%s is %.4f (%.4f to %.4f) on %,d queries; at least %s is asked for",
                metric,
                seen.candidate,
                seen.values.low(),
                seen.values.high(),
                seen.queries,
                minValue);
    }

    private String digest(List<Pair> pairs, long seed) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((this + " " + seed).getBytes(StandardCharsets.UTF_8));
            for (var pair : pairs) {
                sha256.update("\n%d %s %s %s"
                        .formatted(pair.id().length(), pair.id(), pair.live(), pair.candidate())
                        .getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
