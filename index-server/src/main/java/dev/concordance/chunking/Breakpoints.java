package dev.concordance.chunking;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/**
 * Where the meaning of a document changes: where the cosine distance between the two sentences before a border and the two after
 * it is above a percentile of all such distances of the document. The percentile is Greg Kamradt's ("5 Levels of Text
 * Splitting", 2023), the comparison of what is on either side Marti Hearst's ("TextTiling", Computational Linguistics 23, 1997):
 * Kamradt compares windows that overlap, which blurs borders.
 */
final class Breakpoints {
    private static final int AT_ONCE = 256;
    /** Distances closer than what arithmetic loses are the same, on any machine. */
    private static final double PRECISION = 1e6;

    private final double[] distances;
    private final double threshold;

    /** @param distances between each sentence and the next */
    Breakpoints(double[] distances, int percentile) {
        this.distances = distances;
        this.threshold = percentile(distances, percentile);
    }

    /** @param pairs the first sentence, each with the next one, and the last */
    static Breakpoints of(List<String> pairs, Vectors vectors, int percentile) {
        var distances = new double[Math.max(0, pairs.size() - 2)];
        var known = new ArrayDeque<float[]>();
        for (var from = 0; from < pairs.size(); from += AT_ONCE) {
            known.addAll(vectors.of(pairs.subList(from, Math.min(pairs.size(), from + AT_ONCE))));
            var border = Math.max(0, from - 2);
            for (; known.size() > 2; border++) {
                var before = known.remove();
                var between = known.remove();
                distances[border] = distance(before, known.element());
                known.addFirst(between);
            }
        }
        return new Breakpoints(distances, percentile);
    }

    /** Whether the meaning changes before a sentence that isn't the first. */
    boolean isBefore(int sentence) {
        return distances[sentence - 1] > threshold;
    }

    /** The first sentence from {@code first} to {@code last} that is farthest from the one before it. */
    int farthest(int first, int last) {
        var farthest = first;
        for (var sentence = first + 1; sentence <= last; sentence++) {
            if (distances[sentence - 1] > distances[farthest - 1]) {
                farthest = sentence;
            }
        }
        return farthest;
    }

    /** Between two distances as far as the percentile is between theirs. */
    private static double percentile(double[] distances, int percentile) {
        if (distances.length == 0) {
            return 0;
        }
        var sorted = distances.clone();
        Arrays.sort(sorted);
        var place = percentile / 100.0 * (sorted.length - 1);
        var below = (int) place;
        var above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    private static double distance(float[] one, float[] other) {
        var product = 0.0;
        var squares = 0.0;
        var others = 0.0;
        for (var i = 0; i < one.length; i++) {
            product += (double) one[i] * other[i];
            squares += (double) one[i] * one[i];
            others += (double) other[i] * other[i];
        }
        var lengths = Math.sqrt(squares * others);
        return lengths == 0 ? 1 : Math.rint((1 - product / lengths) * PRECISION) / PRECISION;
    }
}
