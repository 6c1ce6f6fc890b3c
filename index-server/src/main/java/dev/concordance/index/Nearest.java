package dev.concordance.index;

import dev.concordance.manifest.AnnRecall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;

/** The nearest chunks of one, by exact comparison with all of them, and what searches found instead. For one thread. */
final class Nearest {
    /** Floats are added up in another order by who searches. */
    private static final double SAME = 1e-6;

    private final String id;
    private final float[] vector;
    private final double length;
    private final List<List<String>> found = new ArrayList<>();
    private final Map<String, Double> cosines = new HashMap<>();
    private final Set<String> asked = new TreeSet<>();
    private final PriorityQueue<Double> best = new PriorityQueue<>();

    Nearest(String id, float[] vector) {
        this.id = id;
        this.vector = vector;
        this.length = Math.sqrt(product(vector, vector));
    }

    float[] vector() {
        return vector;
    }

    /** A search has found these, the nearest first. */
    void found(List<String> ids) {
        var others = ids.stream()
                .filter(other -> !other.equals(id))
                .limit(AnnRecall.AT)
                .toList();
        found.add(others);
        asked.addAll(others);
    }

    /** One of all chunks. */
    void compare(String other, float[] its) {
        if (other.equals(id)) {
            return;
        }
        var cosine = product(vector, its) / (length * Math.sqrt(product(its, its)));
        if (asked.contains(other)) {
            cosines.put(other, cosine);
        }
        best.add(cosine);
        if (best.size() > AnnRecall.AT) {
            best.remove();
        }
    }

    /** Whether there is any other chunk. */
    boolean isFound() {
        return !best.isEmpty();
    }

    /** Share of the nearest that a search has found. */
    double recall(int search) {
        var farthest = best.element() - SAME;
        var hits = found.get(search).stream()
                .filter(other -> cosines.getOrDefault(other, -2.0) >= farthest)
                .count();
        return Math.min(1, (double) hits / best.size());
    }

    private static double product(float[] one, float[] other) {
        var sum = 0.0;
        for (var i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }
}
