package dev.concordance.privacy.secret;

/** Tells what a machine has drawn from what a person has written. */
final class Randomness {
    private static final int CHARACTERS = 128;

    private Randomness() {}

    /** Shannon's entropy of the characters of {@code text[start:end]}, in bits a character. */
    static double entropy(String text, int start, int end) {
        var counts = new int[CHARACTERS];
        for (var i = start; i < end; i++) {
            counts[text.charAt(i) % CHARACTERS]++;
        }
        var entropy = 0.0;
        for (var count : counts) {
            if (count > 0) {
                var share = (double) count / (end - start);
                entropy -= share * Math.log(share) / Math.log(2);
            }
        }
        return entropy;
    }
}
