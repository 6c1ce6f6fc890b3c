package dev.concordance.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;

/** Reads annotations. */
public final class Annotations {
    private Annotations() {}

    /** The annotation's value. */
    public static Optional<String> value(HasMetadata object, String name) {
        var annotations = object.getMetadata().getAnnotations();
        return annotations == null ? Optional.empty() : Optional.ofNullable(annotations.get(name));
    }

    /** Whether the annotation has the value {@code "true"}. */
    public static boolean isTrue(HasMetadata object, String name) {
        return value(object, name).filter("true"::equals).isPresent();
    }
}
