package dev.concordance.evaluation.compare;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * What chance does to a mean: the percentile bootstrap of Efron and Tibshirani (1993, chapter 13; for retrieval Sakai, SIGIR 2006)
 * and the paired randomisation test (Smucker, Allan and Carterette, CIKM 2007).
 *
 * @param seed the same seed and values give the same answers
 */
public record Resampling(long seed) {
    private static final int MOST = 5_000;
    private static final int FEWEST = 1_000;
    /** Draws in all: 100,000 queries are drawn a thousand times, in about a second. */
    private static final long DRAWS = 100_000_000;

    /** The middle of what the mean of as many other queries would be. */
    public record Interval(double low, double high) {}

    /**
     * The central interval of the mean.
     *
     * @param confidence below 1, such as 0.95
     */
    public Interval interval(double[] values, double confidence) {
        if (values.length == 0) {
            return new Interval(0, 0);
        }
        var random = random();
        var means = new double[rounds(values.length)];
        for (var round = 0; round < means.length; round++) {
            var sum = 0.0;
            for (var i = 0; i < values.length; i++) {
                sum += values[below(values.length, random)];
            }
            means[round] = sum / values.length;
        }
        Arrays.sort(means);
        var outside = (int) Math.floor((1 - confidence) / 2 * means.length);
        return new Interval(means[outside], means[means.length - 1 - outside]);
    }

    /** How often the sum of the differences would be as low as it is, or lower, if the sign of each were chance: from above 0 to 1. */
    double lower(double[] differences) {
        var random = random();
        var rounds = rounds(differences.length);
        // Those of 0 are the same with either sign, and most are 0.
        var signed =
                Arrays.stream(differences).filter(difference -> difference != 0).toArray();
        var observed = Arrays.stream(signed).sum();
        var asLow = 1;
        for (var round = 0; round < rounds; round++) {
            var sum = 0.0;
            for (var difference : signed) {
                sum += random.nextBoolean() ? difference : -difference;
            }
            if (sum <= observed + 1e-12) {
                asLow++;
            }
        }
        return (double) asLow / (rounds + 1);
    }

    /** By multiplication, which is several times as fast as nextInt and as even for so small numbers. */
    private static int below(int bound, RandomGenerator random) {
        return (int) ((random.nextLong() >>> 32) * bound >>> 32);
    }

    private RandomGenerator random() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static int rounds(int values) {
        return Math.clamp(DRAWS / Math.max(1, values), FEWEST, MOST);
    }
}
