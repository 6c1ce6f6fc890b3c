package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Names one key of a Secret or ConfigMap in the same namespace. */
public record KeyReference(
        @JsonPropertyDescription("Name of the Secret or ConfigMap, in the same namespace.")
        @Required
        @Size(min = 1, max = Rules.MAX_NAME)
        @ValidationRule(value = Rules.NAME, message = Rules.NAME_MESSAGE)
        @Nullable
        String name,

        @JsonPropertyDescription("Key whose value is taken. Default: ca.crt for certificates, token for bearer tokens,"
                + " ed25519.pem for signing keys, synonyms.txt for synonyms.")
        @Size(min = 1, max = Rules.MAX_NAME)
        @ValidationRule(value = Rules.KEY, message = Rules.KEY_MESSAGE)
        @Nullable
        String key) {}
