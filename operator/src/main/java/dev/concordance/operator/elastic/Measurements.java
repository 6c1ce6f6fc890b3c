package dev.concordance.operator.elastic;

import dev.concordance.manifest.Throughput;
import java.util.Optional;

/**
 * What was measured of a corpus and of the cluster that holds it.
 *
 * @param liveBytes of a generation's primary shards
 * @param roomBytes that can be written before the disks reach their low watermark; empty: they have none, or don't tell
 */
public record Measurements(Throughput throughput, long liveBytes, Optional<Long> roomBytes) {}
