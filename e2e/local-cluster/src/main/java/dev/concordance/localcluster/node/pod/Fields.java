package dev.concordance.localcluster.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The fields of a pod that its containers may be told (the downward API). */
record Fields(Pod pod, String address) {
    private static final Pattern ENTRY = Pattern.compile("metadata\\.(labels|annotations)\\['(.+)']");

    String value(String path) {
        var entry = ENTRY.matcher(path);
        if (entry.matches()) {
            var map = entry.group(1).equals("labels") ? labels() : annotations();
            return map.getOrDefault(entry.group(2), "");
        }
        return switch (path) {
            case "metadata.name" -> pod.getMetadata().getName();
            case "metadata.namespace" -> pod.getMetadata().getNamespace();
            case "metadata.uid" -> pod.getMetadata().getUid();
            case "metadata.labels" -> lines(labels());
            case "metadata.annotations" -> lines(annotations());
            case "spec.nodeName" -> pod.getSpec().getNodeName();
            case "spec.serviceAccountName" -> or(pod.getSpec().getServiceAccountName(), "default");
            case "status.podIP", "status.podIPs" -> address;
            case "status.hostIP", "status.hostIPs" -> "127.0.0.1";
            default -> throw Refusal.missing("this node can't tell a container the field " + path);
        };
    }

    private Map<String, String> labels() {
        return or(pod.getMetadata().getLabels(), Map.of());
    }

    private Map<String, String> annotations() {
        return or(pod.getMetadata().getAnnotations(), Map.of());
    }

    private static String lines(Map<String, String> map) {
        var lines = new StringBuilder();
        map.forEach((key, value) -> lines.append(key)
                .append("=\"")
                .append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
                .append("\"\n"));
        return lines.toString();
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
