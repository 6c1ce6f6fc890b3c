package dev.concordance.manifest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much approximate searches of a generation's vectors find of what exact ones find, for each {@link Depth}. Measured once and for
 * all that may be declared, so that what is declared is chosen without measuring again.
 *
 * @param at when it was measured
 * @param chunks that the generation had then
 * @param sample searches for each depth, by vectors that are stored
 * @param depths the cheapest first
 */
public record AnnRecall(Instant at, long chunks, int sample, List<Measured> depths) {
    /** So many of the nearest passages are looked for. */
    public static final int AT = 10;

    public AnnRecall {
        depths = List.copyOf(depths);
    }

    /**
     * How thoroughly vectors are compared.
     *
     * @param explored so many times as many vectors are looked at as are wanted ({@code num_candidates})
     * @param oversample so many times as many are compared once more by all their floats ({@code rescore_vector}); 1: none
     */
    public record Depth(int explored, int oversample) {
        private static final int MOST_EXPLORED = 16;
        private static final int MOST_OVERSAMPLED = 8;

        /** Where nothing has been measured. */
        public static Depth unmeasured(VectorStorage storage, @Nullable Integer oversample) {
            var again = oversample != null ? oversample : storage.type() == VectorStorage.Type.BBQ_HNSW ? 4 : 1;
            return new Depth(Math.max(2, again), again);
        }

        /** All that are worth a try, the cheapest first. */
        public static List<Depth> of(VectorStorage storage) {
            var depths = new ArrayList<Depth>();
            for (var explored = 1; explored <= (storage.type().hasGraph() ? MOST_EXPLORED : 1); explored *= 2) {
                var most = storage.type().isQuantized() ? Math.min(explored, MOST_OVERSAMPLED) : 1;
                for (var oversample = 1; oversample <= most; oversample *= 2) {
                    depths.add(new Depth(explored, oversample));
                }
            }
            return depths;
        }
    }

    /**
     * What was measured of a depth.
     *
     * @param recall share of the nearest {@value #AT} that were found, from 0 to 1
     * @param millis that a search took on average
     */
    public record Measured(Depth depth, double recall, double millis) {}

    /**
     * The cheapest depth that reaches what is declared; else the one that comes nearest to it in time. Empty: none is fast enough, or of
     * the declared oversampling.
     */
    public Optional<Measured> best(RoutingTable.Semantic declared) {
        var possible = depths.stream()
                .filter(measured ->
                        declared.oversample() == null || measured.depth().oversample() == declared.oversample())
                .filter(measured -> measured.millis() <= declared.maxLatencyMillis())
                .toList();
        return possible.stream()
                .filter(measured -> measured.recall() >= declared.recall())
                .findFirst()
                .or(() -> possible.stream().max(Comparator.comparingDouble(Measured::recall)));
    }
}
