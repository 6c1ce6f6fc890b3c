package dev.concordance.localcluster.node.metrics;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of the selector language that autoscalers of plain Deployments use: {@code name=value}, joined by commas. */
record LabelSelector(String text) {
    boolean matches(@Nullable Map<String, String> labels) {
        var present = labels == null ? Map.<String, String>of() : labels;
        return text.isEmpty() || List.of(text.split(",", -1)).stream().allMatch(term -> matches(term, present));
    }

    private static boolean matches(String term, Map<String, String> labels) {
        var parts = term.split("==?", 2);
        if (parts.length != 2 || term.contains("!") || term.contains("(")) {
            throw new IllegalArgumentException("the label selector " + term + " is not of the form name=value");
        }
        return parts[1].equals(labels.get(parts[0]));
    }
}
