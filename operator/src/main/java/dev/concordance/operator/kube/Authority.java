package dev.concordance.operator.kube;

import dev.concordance.api.v1alpha1.KeyReference;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the certificates to trust are: a key of a ConfigMap. */
public record Authority(Reference configMap, String key) {
    private static final String KEY = "ca.crt";

    /** The authority that is declared, if one is. */
    public static Optional<Authority> of(String namespace, @Nullable KeyReference declared) {
        return declared == null || declared.name() == null
                ? Optional.empty()
                : Optional.of(new Authority(
                        Reference.configMap(namespace, declared.name()), Defaults.or(declared.key(), KEY)));
    }
}
