package dev.concordance.latency;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many latencies there were of about each length, in buckets of which each is as much longer than the one before. Percentiles
 * are then right within {@value #ACCURACY} of what they are, however many latencies there are and however many sketches were put
 * together: DDSketch of Masson, Rim and Lee (Proceedings of the VLDB Endowment 12, 2019). The number of buckets needs no bound,
 * since a century of milliseconds has 290 of them.
 *
 * @param counts latencies by the number of their bucket: bucket i has those above g^(i-1) ms and up to g^i ms, where g is
 *     {@link #GROWTH}
 */
public record LatencySketch(SortedMap<Integer, Long> counts) {
    /** No latencies. */
    public static final LatencySketch EMPTY = new LatencySketch(new TreeMap<>());

    static final double ACCURACY = 0.05;
    static final double GROWTH = (1 + ACCURACY) / (1 - ACCURACY);

    public LatencySketch {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    /** The number of a latency's bucket; none is known more exactly than to the millisecond. */
    public static int bucket(long millis) {
        return (int) Math.ceil(Math.log(Math.max(1, millis)) / Math.log(GROWTH));
    }

    /** These latencies and those. */
    public LatencySketch plus(LatencySketch others) {
        var all = new TreeMap<>(counts);
        others.counts.forEach((bucket, count) -> all.merge(bucket, count, Long::sum));
        return new LatencySketch(all);
    }

    /** How many latencies there are. */
    public long size() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The shortest latency, about, that so many of a hundred don't exceed (nearest rank), in milliseconds; 0 if there are none.
     *
     * @param percent from 1 to 100
     */
    public long percentile(int percent) {
        var rank = Math.ceilDiv(size() * percent, 100);
        var seen = 0L;
        for (var bucket : counts.entrySet()) {
            seen += bucket.getValue();
            if (seen >= rank) {
                return Math.round(2 * Math.pow(GROWTH, bucket.getKey()) / (GROWTH + 1));
            }
        }
        return 0;
    }
}
