package dev.concordance.chunking;

import java.util.List;
import java.util.Random;

/** Vectors that a text's hash is the seed of, where it doesn't matter what a text means. */
final class RandomVectors {
    private static final int DIMENSIONS = 8;

    private RandomVectors() {}

    static List<float[]> of(List<String> texts) {
        return texts.stream().map(RandomVectors::of).toList();
    }

    private static float[] of(String text) {
        var random = new Random(text.hashCode());
        var vector = new float[DIMENSIONS];
        for (var i = 0; i < DIMENSIONS; i++) {
            vector[i] = random.nextFloat() - 0.5f;
        }
        return vector;
    }
}
