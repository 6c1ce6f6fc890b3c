package dev.concordance.embedding;

/** What can be compared with other vectors. */
public final class UsableVector {
    private UsableVector() {}

    /**
     * The vector itself, scaled in place to length 1 if that is asked for; throws {@link RefusedText} if it has no length, or
     * one that is no number.
     */
    public static float[] of(float[] vector, boolean normalize) {
        var squares = 0.0;
        for (var x : vector) {
            squares += (double) x * x;
        }
        if (!(squares > 0) || Double.isInfinite(squares)) {
            throw new RefusedText("the model gave a vector of length " + Math.sqrt(squares));
        }
        if (normalize) {
            var scale = (float) (1 / Math.sqrt(squares));
            for (var i = 0; i < vector.length; i++) {
                vector[i] *= scale;
            }
        }
        return vector;
    }
}
