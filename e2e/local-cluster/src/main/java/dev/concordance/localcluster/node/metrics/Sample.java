package dev.concordance.localcluster.node.metrics;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One measurement of a pod.
 *
 * @param since the moment before {@code at} that the use of the processor is counted from
 * @param usages by container, to be counted from next time
 * @param used by container: billionths of a processor, and bytes
 */
record Sample(ObjectMeta pod, Instant since, Instant at, Map<String, Usage> usages, Map<String, Use> used) {
    /** What a container uses. */
    record Use(long nanocores, long bytes) {
        static final Use NONE = new Use(0, 0);

        Use plus(Use other) {
            return new Use(nanocores + other.nanocores, bytes + other.bytes);
        }

        Map<String, Object> json() {
            return Map.of("cpu", nanocores + "n", "memory", bytes / 1024 + "Ki");
        }
    }

    /** A container is told of from its second measurement on. */
    static Sample of(MetricsApi.Measured measured, Optional<Sample> before, Instant now) {
        var usages = new HashMap<String, Usage>();
        var used = new TreeMap<String, Use>();
        measured.processes().forEach((container, processes) -> {
            var usage = Usage.of(processes, now);
            usages.put(container, usage);
            before.map(sample -> sample.usages.get(container))
                    .ifPresent(last -> used.put(container, new Use(usage.nanocores(last), usage.memory())));
        });
        return new Sample(measured.pod().getMetadata(), before.map(Sample::at).orElse(now), now, usages, used);
    }

    Use total() {
        return used.values().stream().reduce(Use.NONE, Use::plus);
    }

    Map<String, Object> json() {
        var metadata = new TreeMap<String, Object>(Map.of("name", pod.getName(), "namespace", pod.getNamespace()));
        if (pod.getLabels() != null) {
            metadata.put("labels", pod.getLabels());
        }
        return Map.of(
                "kind",
                "PodMetrics",
                "apiVersion",
                MetricsApi.VERSION,
                "metadata",
                metadata,
                "timestamp",
                at.toString(),
                "window",
                window(),
                "containers",
                used.entrySet().stream()
                        .map(use -> Map.of(
                                "name", use.getKey(), "usage", use.getValue().json()))
                        .toList());
    }

    String window() {
        return Duration.between(since, at).toMillis() + "ms";
    }

    static List<Map<String, Object>> json(List<Sample> samples) {
        return samples.stream().map(Sample::json).toList();
    }
}
