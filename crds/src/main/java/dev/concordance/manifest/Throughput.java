package dev.concordance.manifest;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How fast builds of a corpus were: the ledger's document {@code throughput}. It outlives the generations that were built.
 *
 * @param embedding tokens a second by the digest of the model, of the last build that computed most of its vectors
 * @param writing chunks a second, of the last build that computed few; null: there was none
 */
public record Throughput(
        Map<String, Double> embedding, @Nullable Double writing) {
    /** Id in the ledger. */
    public static final String ID = "throughput";

    /** Nothing was measured yet. */
    public static final Throughput NOTHING = new Throughput(Map.of(), null);

    /** Most models that are remembered. */
    private static final int MOST = 16;

    /** Fewer chunks say more of starting than of working. */
    private static final int FEW = 20;

    public Throughput {
        embedding = Map.copyOf(embedding);
    }

    /**
     * What is known after a build.
     *
     * @param model digest of its model
     * @param chunks that were written
     * @param computed of whose vectors so many were computed
     * @param tokens of all of the chunks
     * @param millis that it took
     */
    public Throughput after(String model, long chunks, long computed, long tokens, long millis) {
        if (chunks < FEW || millis <= 0) {
            return this;
        }
        if (computed * 2 < chunks) {
            return new Throughput(embedding, perSecond(chunks, millis));
        }
        var all = new HashMap<>(embedding);
        if (all.size() >= MOST && !all.containsKey(model)) {
            all.clear();
        }
        all.put(model, perSecond((double) tokens * computed / chunks, millis));
        return new Throughput(all, writing);
    }

    private static double perSecond(double amount, long millis) {
        return amount * 1_000 / millis;
    }
}
