package dev.concordance.index;

/**
 * One of the shares into which the documents of a run are divided, each of which has one worker.
 *
 * @param number from 0
 * @param count of all shares, at least 1
 */
public record Shard(int number, int count) {
    private static final int DIGITS = 15;

    public Shard {
        if (number < 0 || number >= count) {
            throw new IllegalArgumentException("there is no shard %d of %d".formatted(number, count));
        }
    }

    /** Whether a document is in it, which its key alone decides: about as many are in each. */
    public boolean holds(String documentKey) {
        return Long.parseLong(documentKey, 0, DIGITS, 16) % count == number;
    }
}
