package dev.concordance.localcluster.node.metrics;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Samples the pods, and answers what the metrics API is asked. */
public final class MetricsApi {
    static final String VERSION = "metrics.k8s.io/v1beta1";
    private static final String GROUP = "/apis/metrics.k8s.io";
    private static final String ROOT = GROUP + "/v1beta1";

    private final String node;
    private final Supplier<List<Measured>> pods;
    private Map<String, Sample> samples = Map.of();

    /** A pod and the processes of each of its containers. */
    public record Measured(Pod pod, Map<String, List<ProcessHandle>> processes) {}

    /** The metrics of the pods of one node. */
    public MetricsApi(String node, Supplier<List<Measured>> pods) {
        this.node = node;
        this.pods = pods;
    }

    /** Measures all pods; what they use is told from the second time on. */
    public synchronized void sample(Instant now) {
        var next = new HashMap<String, Sample>();
        for (var measured : pods.get()) {
            var uid = measured.pod().getMetadata().getUid();
            next.put(uid, Sample.of(measured, Optional.ofNullable(samples.get(uid)), now));
        }
        samples = next;
    }

    /** The answer to a GET, to be written as JSON; empty: there is nothing at this path. */
    public synchronized Optional<Map<String, Object>> answer(String path, Map<String, String> query) {
        if (path.equals(GROUP)) {
            var version = Map.of("groupVersion", VERSION, "version", "v1beta1");
            return Optional.of(Map.of(
                    "kind",
                    "APIGroup",
                    "apiVersion",
                    "v1",
                    "name",
                    "metrics.k8s.io",
                    "versions",
                    List.of(version),
                    "preferredVersion",
                    version));
        }
        if (path.equals(ROOT)) {
            return Optional.of(Map.of(
                    "kind",
                    "APIResourceList",
                    "apiVersion",
                    "v1",
                    "groupVersion",
                    VERSION,
                    "resources",
                    List.of(resource("nodes", "NodeMetrics", false), resource("pods", "PodMetrics", true))));
        }
        if (!path.startsWith(ROOT + "/")) {
            return Optional.empty();
        }
        return answer(
                List.of(path.substring(ROOT.length() + 1).split("/", -1)),
                new LabelSelector(query.getOrDefault("labelSelector", "")));
    }

    private Optional<Map<String, Object>> answer(List<String> words, LabelSelector selector) {
        return switch (String.join(
                "/", words.size() > 2 ? List.of(words.getFirst(), words.get(2)) : List.of(words.getFirst()))) {
            case "nodes" ->
                words.size() == 1
                        ? Optional.of(list("NodeMetricsList", List.of(node())))
                        : Optional.of(node()).filter(any -> words.equals(List.of("nodes", node)));
            case "pods" -> Optional.of(list("PodMetricsList", Sample.json(matching(selector))));
            case "namespaces/pods" -> {
                var all = matching(selector).stream()
                        .filter(sample -> sample.pod().getNamespace().equals(words.get(1)))
                        .toList();
                yield words.size() == 3
                        ? Optional.of(list("PodMetricsList", Sample.json(all)))
                        : all.stream()
                                .filter(sample -> sample.pod().getName().equals(words.get(3)))
                                .map(Sample::json)
                                .findFirst();
            }
            default -> Optional.empty();
        };
    }

    private List<Sample> matching(LabelSelector selector) {
        return samples.values().stream()
                .filter(sample -> !sample.used().isEmpty())
                .filter(sample -> selector.matches(sample.pod().getLabels()))
                .toList();
    }

    private Map<String, Object> node() {
        var measured = matching(new LabelSelector(""));
        var last = measured.stream().findFirst();
        return Map.of(
                "kind",
                "NodeMetrics",
                "apiVersion",
                VERSION,
                "metadata",
                Map.of("name", node),
                "timestamp",
                last.map(Sample::at).orElse(Instant.EPOCH).toString(),
                "window",
                last.map(Sample::window).orElse("0s"),
                "usage",
                measured.stream()
                        .map(Sample::total)
                        .reduce(Sample.Use.NONE, Sample.Use::plus)
                        .json());
    }

    private static Map<String, Object> list(String kind, List<Map<String, Object>> items) {
        return Map.of("kind", kind, "apiVersion", VERSION, "metadata", Map.of(), "items", items);
    }

    private static Map<String, Object> resource(String name, String kind, boolean namespaced) {
        return Map.of(
                "name",
                name,
                "singularName",
                "",
                "kind",
                kind,
                "namespaced",
                namespaced,
                "verbs",
                List.of("get", "list"));
    }
}
