package dev.concordance.operator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concordance.manifest.Fingerprint;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether an object has to be written. It has not, when it was last applied from the very same desired state (an
 * annotation has that state's digest) and everything that is desired is still there (so nobody has changed it since). What
 * the API server fills in beside it plays no part.
 */
public final class Applied {
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    /** By which fields the elements of a list are matched, in this order of preference. */
    private static final List<String> KEYS =
            List.of("name", "mountPath", "containerPort", "port", "type", "key", "uid");

    private static final Set<String> AMOUNTS = Set.of("cpu", "memory", "ephemeral-storage", "sizeLimit", "storage");

    private Applied() {}

    /** Adds the annotation with the desired state's digest. */
    public static <T extends HasMetadata> T sealed(T desired) {
        var digest = new Fingerprint("applied/1").with("object", json(desired)).digest();
        var annotations = new LinkedHashMap<String, String>();
        if (desired.getMetadata().getAnnotations() != null) {
            annotations.putAll(desired.getMetadata().getAnnotations());
        }
        annotations.put(Labels.APPLIED, digest);
        desired.getMetadata().setAnnotations(annotations);
        return desired;
    }

    /** Whether {@code actual} already is what {@code desired}, which is {@link #sealed}, asks for. */
    public static boolean isCurrent(HasMetadata desired, @Nullable HasMetadata actual) {
        return actual != null && contains(json(actual), json(desired), "");
    }

    private static ObjectNode json(HasMetadata object) {
        return SERIALIZATION.convertValue(object, ObjectNode.class);
    }

    static boolean contains(JsonNode actual, JsonNode desired, String field) {
        if (isNothing(desired)) {
            return true;
        }
        if (desired.isObject()) {
            return actual.isObject()
                    && desired.properties().stream()
                            .allMatch(entry -> contains(actual.path(entry.getKey()), entry.getValue(), entry.getKey()));
        }
        if (desired.isArray()) {
            return actual.isArray() && actual.size() == desired.size() && containsAll(actual, desired, field);
        }
        return actual.equals(desired)
                || actual.asText().equals(desired.asText())
                || AMOUNTS.contains(field) && sameAmount(actual, desired);
    }

    /** What the API server leaves out of what it stores. */
    private static boolean isNothing(JsonNode desired) {
        return desired.isNull()
                || desired.isContainerNode() && desired.isEmpty()
                || desired.isTextual() && desired.asText().isEmpty();
    }

    private static boolean containsAll(JsonNode actual, JsonNode desired, String field) {
        for (var position = 0; position < desired.size(); position++) {
            if (!contains(counterpart(actual, desired.get(position), position), desired.get(position), field)) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode counterpart(JsonNode actual, JsonNode element, int position) {
        for (var key : KEYS) {
            if (element.has(key)) {
                for (var candidate : actual) {
                    if (candidate.path(key).equals(element.get(key))) {
                        return candidate;
                    }
                }
            }
        }
        return actual.path(position);
    }

    private static boolean sameAmount(JsonNode actual, JsonNode desired) {
        try {
            return Quantity.getAmountInBytes(Quantity.parse(actual.asText()))
                            .compareTo(Quantity.getAmountInBytes(Quantity.parse(desired.asText())))
                    == 0;
        } catch (IllegalArgumentException notAnAmount) {
            return false;
        }
    }
}
