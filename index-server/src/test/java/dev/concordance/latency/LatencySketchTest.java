package dev.concordance.latency;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concordance.manifest.ManifestJson;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencySketchTest {
    private static final int[] PERCENTS = {1, 50, 95, 99, 100};

    private static LatencySketch of(long... millis) {
        var counts = new TreeMap<Integer, Long>();
        Arrays.stream(millis).forEach(one -> counts.merge(LatencySketch.bucket(one), 1L, Long::sum));
        return new LatencySketch(counts);
    }

    /** From a millisecond to a century, as many short ones as long ones. */
    private static long[] latencies(Random random, int count) {
        return random.doubles(count, 0, Math.log(3.2e12))
                .mapToLong(power -> Math.round(Math.exp(power)))
                .toArray();
    }

    /** By the nearest rank. */
    private static long exact(long[] millis, int percent) {
        var sorted = millis.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(sorted.length * percent / 100.0) - 1];
    }

    private static void assertRight(LatencySketch sketch, long[] millis) {
        assertThat(sketch.size()).isEqualTo(millis.length);
        for (var percent : PERCENTS) {
            var exact = exact(millis, percent);
            assertThat((double) sketch.percentile(percent))
                    .as("%d%% of %d".formatted(percent, millis.length))
                    .isBetween(exact * (1 - LatencySketch.ACCURACY) - 0.5, exact * (1 + LatencySketch.ACCURACY) + 0.5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 19, 20, 21, 99, 100, 101, 10_000})
    void givesPercentilesThatAreRightWithinItsAccuracy(int count) {
        var random = new Random(count);
        for (var turn = 0; turn < 20; turn++) {
            var millis = latencies(random, count);
            assertRight(of(millis), millis);
        }
    }

    @Test
    void saysTheSameHoweverItWasPutTogether() {
        var random = new Random(7);
        for (var turn = 0; turn < 50; turn++) {
            var millis = latencies(random, 300);
            var parts = new LatencySketch[] {LatencySketch.EMPTY, LatencySketch.EMPTY, LatencySketch.EMPTY};
            for (var one : millis) {
                var part = random.nextInt(parts.length);
                parts[part] = parts[part].plus(of(one));
            }
            assertThat(parts[0].plus(parts[1]).plus(parts[2])).isEqualTo(of(millis));
            assertThat(parts[2].plus(parts[0].plus(parts[1]))).isEqualTo(of(millis));
            assertRight(parts[1].plus(parts[2]).plus(parts[0]), millis);
        }
    }

    @Test
    void takesWhatTookNoTimeForAMillisecond() {
        assertThat(of(0, -5, 1).percentile(100)).isEqualTo(1);
        assertThat(LatencySketch.EMPTY.percentile(99)).isZero();
    }

    @Test
    void staysSmallHoweverManyLatenciesThereAre() {
        assertThat(of(latencies(new Random(3), 200_000)).counts()).hasSizeLessThan(300);
    }

    @Test
    void comesBackFromTheLedgerAsItWas() throws JsonProcessingException {
        var sketch = of(1, 40, 41, 2_000, 86_400_000);
        var json = ManifestJson.mapper().writeValueAsString(sketch);
        assertThat(ManifestJson.mapper().readValue(json, LatencySketch.class)).isEqualTo(sketch);
    }
}
